// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

namespace pulsedeck {

/// Words that came over the wire, fit to be shown: one line, at most \a longest characters, and tokens (JWTs, renewal
/// and session tokens) replaced by a dash.
QString hubShownText(const QString &text, qsizetype longest = 300);

/// The text with a dash in place of each token, and otherwise as it came.
QString hubWithoutTokens(const QString &text);

/// A payload fit to be shown, logged or exported: fields named after a token and strings that hold one are replaced.
/// Everything deeper than 32 levels is cut.
QJsonValue hubShownJson(const QJsonValue &value);

/// The bytes a text takes as UTF-8, which is what the hub counts.
qsizetype utf8Size(QStringView text);

} // namespace pulsedeck
