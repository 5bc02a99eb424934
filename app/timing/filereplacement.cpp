// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/filereplacement.h"

#include <QDateTime>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr qint64 largestFile = 1 << 20;
constexpr int mostInOneSecond = 100;

bool writeAll(QFileDevice &file, const QByteArray &text)
{
    return file.write(text) == text.size() && file.flush();
}

/// As readable to others as the file itself and no more: environment files hold passwords.
bool keepBackup(const QString &target, const QByteArray &text, qint64 nowMs, QString *backup, QString *error)
{
    const QString stamp = QDateTime::fromMSecsSinceEpoch(nowMs).toString(u"yyyyMMdd-HHmmss"_s);
    for (int number = 1; number <= mostInOneSecond; ++number) {
        const QString more = number > 1 ? u"-%1"_s.arg(number) : QString();
        QFile file(target + u".pulsedeck-backup-"_s + stamp + more);
        if (file.exists())
            continue;
        if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::permissions(target))) {
            *error = u"no backup can be made next to it: %1"_s.arg(file.errorString());
            return false;
        }
        const bool written = writeAll(file, text) && ::fsync(file.handle()) == 0;
        if (!written) {
            *error = u"the backup cannot be written: %1"_s.arg(file.error() == QFileDevice::NoError ? qt_error_string()
                                                                                                    : file.errorString());
            file.close();
            file.remove();
            return false;
        }
        *backup = file.fileName();
        return true;
    }
    *error = u"there are too many backups of this second"_s;
    return false;
}

/// The replacement belongs to whom the file belonged.
bool keepOwner(QSaveFile &file, const QString &target, QString *error)
{
    struct stat was
    { };
    struct stat is
    { };
    if (::stat(QFile::encodeName(target).constData(), &was) != 0 || ::fstat(file.handle(), &is) != 0) {
        *error = qt_error_string();
        return false;
    }
    if (was.st_gid != is.st_gid && ::fchown(file.handle(), uid_t(-1), was.st_gid) != 0 && was.st_uid == is.st_uid) {
        *error = u"its group cannot be kept: %1"_s.arg(qt_error_string());
        return false;
    }
    if (was.st_uid != is.st_uid && ::fchown(file.handle(), was.st_uid, was.st_gid) != 0) {
        *error = u"it belongs to somebody else, and what replaces it would not"_s;
        return false;
    }
    // After the owner: a change of that may take bits away.
    if (::fchmod(file.handle(), was.st_mode & 07777) != 0) {
        *error = u"its permissions cannot be kept: %1"_s.arg(qt_error_string());
        return false;
    }
    return true;
}

bool isStill(const QString &target, const QByteArray &before, QString *error)
{
    QByteArray now;
    if (!readSmallFile(target, &now, error))
        return false;
    if (now == before)
        return true;
    *error = u"the file was changed meanwhile, so nothing is written: look at it again"_s;
    return false;
}

} // namespace

bool readSmallFile(const QString &path, QByteArray *text, QString *error)
{
    const QFileInfo info(path);
    const auto fail = [error](const QString &why) {
        *error = why;
        return false;
    };
    if (!info.exists())
        return fail(info.isSymLink() ? u"the link leads nowhere"_s : u"there is no such file"_s);
    if (!info.isFile()) // A pipe would be waited for.
        return fail(u"it is no regular file"_s);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(u"it cannot be read: %1"_s.arg(file.errorString()));
    *text = file.read(largestFile + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(u"it cannot be read: %1"_s.arg(file.errorString()));
    if (text->size() > largestFile)
        return fail(u"it is larger than a megabyte"_s);
    return true;
}

bool replaceFile(const QString &path, const QByteArray &before, const QByteArray &after, qint64 nowMs, QString *backup,
                 QString *error)
{
    // Through a link to what it leads to: a rename over the link would cut it off.
    const QString target = QFileInfo(path).canonicalFilePath();
    if (target.isEmpty()) {
        *error = u"there is no such file"_s;
        return false;
    }
    if (!isStill(target, before, error))
        return false;
    if (!QFileInfo(target).isWritable()) {
        *error = u"it may not be written to"_s;
        return false;
    }
    QString kept;
    if (!keepBackup(target, before, nowMs, &kept, error))
        return false;
    QSaveFile file(target);
    bool ok = file.open(QIODevice::WriteOnly);
    if (!ok)
        *error = u"it cannot be replaced: %1"_s.arg(file.errorString());
    if (ok && !writeAll(file, after)) {
        ok = false;
        *error = u"it cannot be written: %1"_s.arg(file.errorString());
    }
    ok = ok && keepOwner(file, target, error) && isStill(target, before, error);
    if (ok && !file.commit()) {
        ok = false;
        *error = u"it cannot be replaced: %1"_s.arg(file.errorString());
    }
    if (!ok) {
        file.cancelWriting();
        QFile::remove(kept);
        return false;
    }
    *backup = kept;
    return true;
}

} // namespace pulsedeck
