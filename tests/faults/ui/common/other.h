// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// A ghost is seen anew.
// Nobody stands beside it.
