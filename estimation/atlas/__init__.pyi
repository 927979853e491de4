from .implied import implied_xi as implied_xi
from .implied import population_odds_ratios as population_odds_ratios
from .pages import write_pages as write_pages
from .reproduction import Reproduced as Reproduced
from .reproduction import run as run
from .study_folder import AtlasStudy as AtlasStudy
from .study_folder import read_atlas_study as read_atlas_study
from .study_folder import study_names as study_names
