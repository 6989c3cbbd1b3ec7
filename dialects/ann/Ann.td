//===- Ann.td - the trained transformer -----------------------------------===//
#ifndef SYNFIRE_DIALECTS_ANN_ANN_TD
#define SYNFIRE_DIALECTS_ANN_ANN_TD

include "dialects/ann/AnnDialect.td"
include "dialects/ann/AnnAttributes.td"
include "dialects/ann/AnnOps.td"

#endif // SYNFIRE_DIALECTS_ANN_ANN_TD
