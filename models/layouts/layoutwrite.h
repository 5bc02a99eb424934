// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/layouts/layout.h"

#include <QByteArrayList>
#include <QList>

namespace pulsedeck {

/// One command of Redis that an op of a layout is: the words that are sent, and nothing else. A value; any thread.
struct LayoutWrite
{
    enum class Kind : quint8 {
        Plain,
        New, ///< SET NX.
        Expire, ///< Of what was pushed just before.
        Publish,
        Rename, ///< RENAMENX: a name that is taken refuses the whole command.
    };
    struct Word
    {
        LayoutText text; ///< {now-s} and {now-ms} in it are Redis' time.
        bool key = false;
    };
    Kind kind = Kind::Plain;
    std::vector<Word> words; ///< "LPUSH", "{id}-signals", "TSTP".
    std::vector<LayoutText> ifAny = {}; ///< See LayoutOp.
    LayoutConditions when = {}; ///< See LayoutOp.
};

/// The writes of \a ops, in order: a push that expires is two.
std::vector<LayoutWrite> writesOf(const std::vector<LayoutOp> &ops);

/// The words of \a ops with the variables of a worker or queue still in them; {prefix}, {key} and {member} are put in. For
/// ActTraits::writes.
QList<QByteArrayList> writtenWords(const Layout &layout, const std::vector<LayoutOp> &ops, const QByteArray &prefix);

/// Fills in what traits say of the writes of a layout's commands: the words, how long they last, and the pattern of ids.
void describeWrites(SourceTraits &traits, const Layout &layout, const QByteArray &prefix);

/// As one would type it into redis-cli: what is no plain word stands in quotes.
QString quotedWord(const QByteArray &word);
/// What is written about a worker for each queue is written for so many queues in one call.
constexpr qsizetype mostWrittenQueues = 500;
/// Lines for people: "LPUSH app-2:18412:9f2c41ab77de-signals TSTP". \a words: see writtenWords(). Where \a values has no queue,
/// what names one is written for each of \a queues.
QStringList writtenLines(const QList<QByteArrayList> &words, const LayoutVariables &values, const QStringList &queues = {});

/// A name that any client chose, as a part of an id: control characters, %, each of \a separators, and what is no UTF-8 become
/// %2F and the like, so that an id is text and no two make the same one.
QByteArray escapedName(QByteArrayView name, QByteArrayView separators);
/// The values that a pattern of ids finds in an id, by the names of its groups, and the id itself. \a escaped: its parts are, see
/// escapedName().
LayoutVariables idVariables(const QRegularExpression &pattern, const QByteArray &id, bool escaped = false);

} // namespace pulsedeck
