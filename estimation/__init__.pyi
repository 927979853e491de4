from . import charts as charts
from . import claims as claims
from . import errors as errors
from . import models as models
from . import sensitivity as sensitivity
from . import simulation as simulation
from . import strata as strata
from .capture.datasets import load_table as load_table
from .capture.datasets import table_names as table_names
from .capture.inspection import inspect_table as inspect_table
from .capture.readers import read_table as read_table
from .capture.stratified import StratifiedTable as StratifiedTable
from .capture.table import CaptureTable as CaptureTable
from .lists.readers import read_names as read_names
from .models.linked.fit_draws import fit_draws as fit_draws
from .models.robust_range import robust_range as robust_range
from .models.stacking import stack as stack
from .results.comparison import compare as compare
from .results.estimates import Estimate as Estimate
from .results.estimates import NotEstimable as NotEstimable
from .results.pool import pool as pool
from .results.totals import Interval as Interval
from .runs.grid import run_grid as run_grid
from .runs.run import run_study as run_study
from .runs.verify import verify_study as verify_study

__version__: str
