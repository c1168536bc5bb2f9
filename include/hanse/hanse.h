/* SPDX-License-Identifier: Apache-2.0 */
/* Everything of the public API. */
#ifndef HANSE_HANSE_H
#define HANSE_HANSE_H

#include <hanse/arrival.h>
#include <hanse/change.h>
#include <hanse/codes.h>
#include <hanse/copy.h>
#include <hanse/csv_export.h>
#include <hanse/doctor.h>
#include <hanse/iati_export.h>
#include <hanse/key.h>
#include <hanse/node.h>
#include <hanse/proof.h>
#include <hanse/query.h>
#include <hanse/record.h>
#include <hanse/report.h>
#include <hanse/search.h>
#include <hanse/serve.h>
#include <hanse/staged.h>
#include <hanse/status.h>
#include <hanse/sync.h>
#include <hanse/verify.h>
#include <hanse/version.h>

#endif
