// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonValue>
#include <QString>

namespace pulsedeck {

// JSON and words of others as text to look at: bounded, and nothing in it can move the reading order, hide itself,
// or break a line where there is none. Pure.

/// One line, as visibleLine() has it; what is longer than \a longest ends in "…".
QString plainLine(const QString &text, qsizetype longest = 300);

/// The value on one line, at most about \a longest characters; empty if undefined. Costs no more than what is shown.
QString jsonLineText(const QJsonValue &value, qsizetype longest = 200);
/// The same of a JsonInput::exact, its numbers as they stand there.
QString exactLineText(const QByteArray &exact, qsizetype longest = 200);

struct JsonText
{
    QString text;
    bool cut = false; ///< There is more in the value than in the text.
};
/// The value over several lines, indented by two spaces a level. At most about \a longest characters.
JsonText jsonIndentedText(const QJsonValue &value, qsizetype longest = 200'000);
JsonText exactIndentedText(const QByteArray &exact, qsizetype longest = 200'000);

/// The whole value as JSON, for the clipboard; \a indented over several lines.
QString jsonWhole(const QJsonValue &value, bool indented = true);
/// The same of a JsonInput::exact, over several lines.
QString exactWhole(const QByteArray &exact);

/// Typed text as one JSON value of any type, read strictly, as a hub ends the session of a sender of invalid JSON. Empty text
/// is no value, and sound.
struct JsonInput
{
    QJsonValue value = QJsonValue::Undefined;
    /// The same in UTF-8 without blanks, every number digit by digit and the keys in their order, as it is to be sent:
    /// value keeps 17 digits of a number and sorts its keys. Empty if there is none.
    QByteArray exact;
    QString problem; ///< Empty if it is sound.
    int line = 0; ///< Of the mistake, from 1; 0 if there is none.
    int column = 0; ///< In characters, from 1.
};
JsonInput readJson(const QString &text);

} // namespace pulsedeck
