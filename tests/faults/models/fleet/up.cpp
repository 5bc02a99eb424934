// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/common/other.h"

namespace pulsedeck {

QString text()   { return u"This is not translated"_s; }

// The worker is told of a draft next to it; both are fine in a comment.
QString stilted() { return tr("The draft is put away beside the table"); }

// untranslated: read by a machine
QString name() { return u"This is not shown"_s; }

} // namespace pulsedeck
