// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sshroute.h"

#include <QByteArray>
#include <QProcess>
#include <QString>
#include <QTemporaryDir>

#include <memory>

namespace pulsedeck {

/// A program called "ssh" in a folder that comes first in PATH as long as this lives: either a stand-in of the test's own, or the
/// system's ssh with a configuration of the test's own.
class SshProgram
{
public:
    SshProgram();
    ~SshProgram();
    SshProgram(const SshProgram &) = delete;
    SshProgram &operator=(const SshProgram &) = delete;

    /// Its arguments are noted, it says \a words on its standard error, and ends.
    bool refuses(const QByteArray &words, int status = 255);
    /// It leads to the port on loopback that is asked for. After the signal USR1 it says \a lastWords and ends with 255.
    bool leads(const QByteArray &lastWords);
    bool runs(const QByteArray &script);
    /// There is none: PATH has nothing but an empty folder.
    void isMissing();

    QByteArray calls() const; ///< The arguments of each call of refuses() and leads(), a line for each.
    QList<qint64> pids() const; ///< Of leads().
    QString folder() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
    const QByteArray m_path;
};

/// An sshd of the test's own on loopback, with its own host key, its own authorized key, and a client's configuration for both.
/// It ends with the object, and with the thread that started it.
class SshServer
{
public:
    ~SshServer();
    static bool isInstalled();

    /// \a options are further lines of its configuration. False with errorString() where none can be had.
    bool start(const QByteArray &options = {});
    void stop();
    QString errorString() const { return m_error; }
    int port() const { return m_port; }
    SshRoute route() const; ///< The user of this process on loopback.

    /// How clients meet it. The system's ssh is \a program from then on.
    enum class Client { Trusted, HostUnknown, HostChanged, KeyRefused };
    bool writeClient(SshProgram &program, Client client = Client::Trusted);

private:
    bool makeKey(const QString &name);
    bool write(const QString &name, const QByteArray &text);

    QTemporaryDir m_folder;
    std::unique_ptr<QProcess> m_process;
    QString m_error;
    int m_port = 0;
};

} // namespace pulsedeck
