// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/sshserver.h"

#include <QDeadlineTimer>
#include <QDir>
#include <QFile>
#include <QStandardPaths>
#include <QTcpServer>

#include <csignal>
#include <pwd.h>
#include <sys/prctl.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int sshLimitMs = 60'000;

bool writeFile(const QString &name, const QByteArray &text, QFile::Permissions rights)
{
    QFile file(name);
    return file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.setPermissions(rights);
}

QByteArray quoted(const QString &text)
{
    return "'" + text.toUtf8() + "'";
}

QString loginName()
{
    const passwd *const entry = ::getpwuid(::getuid());
    return entry ? QString::fromLocal8Bit(entry->pw_name) : QString();
}

} // namespace

SshProgram::SshProgram()
    : m_path(qgetenv("PATH"))
{
    qputenv("PATH", m_folder.path().toLocal8Bit() + ':' + m_path);
}

SshProgram::~SshProgram()
{
    qputenv("PATH", m_path);
}

bool SshProgram::runs(const QByteArray &script)
{
    // Replaced as a whole: one that runs goes on with what it was.
    const QString program = m_folder.filePath(u"ssh"_s);
    const QString fresh = m_folder.filePath(u"fresh"_s);
    QFile::remove(program);
    return writeFile(fresh, "#!/bin/bash\n" + script, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner)
           && QFile::rename(fresh, program);
}

bool SshProgram::refuses(const QByteArray &words, int status)
{
    const QString text = m_folder.filePath(u"words"_s);
    return writeFile(text, words, QFile::ReadOwner | QFile::WriteOwner)
           && runs("echo \"$*\" >> " + quoted(m_folder.filePath(u"calls"_s)) + "\ncat " + quoted(text) + " >&2\nexit "
                   + QByteArray::number(status) + "\n");
}

bool SshProgram::leads(const QByteArray &lastWords)
{
    const QString text = m_folder.filePath(u"last"_s);
    return writeFile(text, lastWords, QFile::ReadOwner | QFile::WriteOwner)
           && runs("echo \"$*\" >> " + quoted(m_folder.filePath(u"calls"_s)) + R"(
while [ $# -gt 0 ] && [ "$1" != -W ]; do shift; done
port=${2##*:}
if ! exec 3<>/dev/tcp/127.0.0.1/$port; then
    echo "channel 0: open failed: connect failed: Connection refused" >&2
    echo "stdio forwarding failed" >&2
    exit 255
fi
exec 4<&0
cat <&3 & from=$!
cat <&4 >&3 & to=$!
trap 'cat )" + quoted(text).replace('\'', '"')
                   + R"( >&2; kill $from $to 2>/dev/null; exit 255' USR1
echo $$ >> )" + quoted(m_folder.filePath(u"pids"_s))
                   + R"(
wait $from
kill $to 2>/dev/null
exit 0
)");
}

void SshProgram::isMissing()
{
    QFile::remove(m_folder.filePath(u"ssh"_s));
    qputenv("PATH", m_folder.path().toLocal8Bit());
}

QByteArray SshProgram::calls() const
{
    QFile file(m_folder.filePath(u"calls"_s));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QList<qint64> SshProgram::pids() const
{
    QList<qint64> all;
    QFile file(m_folder.filePath(u"pids"_s));
    if (file.open(QIODevice::ReadOnly)) {
        while (!file.atEnd()) {
            const QByteArray line = file.readLine();
            if (line.endsWith('\n'))
                all.append(line.trimmed().toLongLong());
        }
    }
    return all;
}

SshServer::~SshServer()
{
    stop();
}

bool SshServer::isInstalled()
{
    return !QStandardPaths::findExecutable(u"sshd"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s}).isEmpty()
           && !QStandardPaths::findExecutable(u"ssh"_s).isEmpty() && !QStandardPaths::findExecutable(u"ssh-keygen"_s).isEmpty();
}

bool SshServer::write(const QString &name, const QByteArray &text)
{
    return writeFile(m_folder.filePath(name), text, QFile::ReadOwner | QFile::WriteOwner);
}

bool SshServer::makeKey(const QString &name)
{
    const QString file = m_folder.filePath(name);
    if (QFile::exists(file))
        return true;
    QProcess keygen;
    keygen.start(u"ssh-keygen"_s, {u"-q"_s, u"-t"_s, u"ed25519"_s, u"-N"_s, QString(), u"-f"_s, file});
    return keygen.waitForFinished(sshLimitMs) && keygen.exitCode() == 0;
}

bool SshServer::start(const QByteArray &options)
{
    stop();
    if (!makeKey(u"host"_s) || !makeKey(u"other"_s) || !makeKey(u"user"_s)) {
        m_error = u"ssh-keygen makes no keys"_s;
        return false;
    }
    if (m_port == 0) {
        QTcpServer free;
        if (!free.listen(QHostAddress::LocalHost))
            return false;
        m_port = free.serverPort();
    }
    // A service makes this folder when it is started; sshd does nothing without it where it runs as root.
    if (::getuid() == 0)
        QDir().mkpath(u"/run/sshd"_s);
    QFile::remove(m_folder.filePath(u"authorized"_s));
    const QByteArray folder = m_folder.path().toUtf8() + '/';
    if (!QFile::copy(m_folder.filePath(u"user.pub"_s), m_folder.filePath(u"authorized"_s))
        || !write(u"sshd"_s, options + "Port " + QByteArray::number(m_port) + "\nListenAddress 127.0.0.1\nHostKey " + folder
                                 + "host\nPidFile none\nAuthorizedKeysFile " + folder
                                 + "authorized\nStrictModes no\nUsePAM no\nPermitRootLogin yes\nPasswordAuthentication no\n"
                                   "KbdInteractiveAuthentication no\nMaxStartups 100\nLogLevel INFO\n"))
        return false;
    m_process = std::make_unique<QProcess>();
    m_process->setProcessChannelMode(QProcess::MergedChannels);
    m_process->setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    m_process->start(QStandardPaths::findExecutable(u"sshd"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s}),
                     {u"-D"_s, u"-e"_s, u"-f"_s, m_folder.filePath(u"sshd"_s)});
    QByteArray log;
    const QDeadlineTimer limit(sshLimitMs);
    while (m_process->state() != QProcess::NotRunning && !limit.hasExpired()) {
        m_process->waitForReadyRead(1'000);
        log += m_process->readAll();
        if (log.contains("Server listening on")) {
            m_process->closeReadChannel(QProcess::StandardOutput);
            return true;
        }
    }
    m_error = u"sshd did not come up: "_s + QString::fromUtf8(log);
    stop();
    return false;
}

void SshServer::stop()
{
    if (!m_process)
        return;
    m_process->kill();
    m_process->waitForFinished(sshLimitMs);
    m_process.reset();
}

SshRoute SshServer::route() const
{
    return {loginName() + u"@127.0.0.1:"_s + QString::number(m_port), {}};
}

bool SshServer::writeClient(SshProgram &program, Client client)
{
    QFile key(m_folder.filePath(client == Client::HostChanged ? u"other.pub"_s : u"host.pub"_s));
    if (!key.open(QIODevice::ReadOnly))
        return false;
    const QByteArray known = client == Client::HostUnknown ? QByteArray() : QByteArray("pulsedeck-test " + key.readAll());
    const QByteArray folder = m_folder.path().toUtf8() + '/';
    const QByteArray config = "Host *\nHostKeyAlias pulsedeck-test\nUserKnownHostsFile " + folder
                              + "known\nGlobalKnownHostsFile /dev/null\nIdentityAgent none\nIdentitiesOnly yes\nIdentityFile "
                              + folder + (client == Client::KeyRefused ? "other" : "user") + "\n";
    QString ssh = QStandardPaths::findExecutable(u"ssh"_s);
    if (ssh.startsWith(program.folder()))
        ssh = QStandardPaths::findExecutable(u"ssh"_s, {u"/usr/bin"_s, u"/usr/local/bin"_s});
    return write(u"known"_s, known) && write(u"config"_s, config)
           && program.runs("exec " + quoted(ssh) + " -F " + quoted(m_folder.filePath(u"config"_s)) + " \"$@\"\n");
}

} // namespace pulsedeck
