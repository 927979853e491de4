from .candidates import CandidateCut as CandidateCut
from .draws import LinkageDraws as LinkageDraws
from .linking import LinkageSettings as LinkageSettings
from .linking import link as link
from .saved import save_linkage as save_linkage
