// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QByteArray>
#include <QString>

namespace pulsedeck {

/// Standard output and standard error. A reader that has gone away is no error: the program then ends quietly.
class Output
{
public:
    enum class Result { Written, ReaderGone, Failed };

    /// Ignores SIGPIPE, so that write() can tell.
    Output();

    /// All of it, waiting for the reader as long as it takes.
    Result write(const QByteArray &bytes);
    /// Why the last write failed, in words.
    QString errorString() const { return m_error; }

    /// One line to standard error, after the program's name.
    static void complain(const QString &line);

private:
    QString m_error;
};

} // namespace pulsedeck
