from .capture import CaptureTable as CaptureTable
from .results import Estimate as Estimate
from .results import Interval as Interval
from .results import NotEstimable as NotEstimable
