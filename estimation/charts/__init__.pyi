from .chain_ranks import rank as rank
from .chain_traces import trace as trace
from .densities import posterior as posterior
from .graph_prior import delta_path as delta_path
from .list_overlaps import upset as upset
from .side_by_side import comparison as comparison
from .stamp import stamp_synthetic as stamp_synthetic
from .theme import style as style
