// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace pulsedeck {

/// Exit codes of pulsedeckctl.
enum class CtlExit {
    Done = 0,
    Findings = 1, ///< Done, and something needs attention; an act: some did not reach their end.
    Usage = 2, ///< Wrong command line, or the output cannot be written.
    NoConnection = 3, ///< Or the view of a source is not complete.
};

/// Standard output and standard error. A closed pipe is no error: the program then ends quietly.
class Output
{
public:
    enum class Result { Written, ReaderGone, Failed };

    /// Ignores SIGPIPE, so that write() can tell.
    Output();

    /// Writes all of it, and waits for the reader as long as it takes.
    Result write(const QByteArray &bytes);
    /// The same: returns \a code, or Usage after reporting that it failed.
    CtlExit print(const QByteArray &bytes, CtlExit code);
    /// Why the last write failed, in words.
    QString errorString() const { return m_error; }

    /// One line to standard error, after the program's name.
    static void complain(const QString &line);

private:
    QString m_error;
};

} // namespace pulsedeck
