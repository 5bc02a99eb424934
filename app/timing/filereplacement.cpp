// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/filereplacement.h"

#include "app/timing/timingfilereading.h"

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
            *error = TimingReaderTexts::tr("the backup next to it cannot be created: %1").arg(file.errorString());
            return false;
        }
        const bool written = writeAll(file, text) && ::fsync(file.handle()) == 0;
        if (!written) {
            *error = TimingReaderTexts::tr("the backup cannot be written: %1")
                         .arg(file.error() == QFileDevice::NoError ? qt_error_string() : file.errorString());
            file.close();
            file.remove();
            return false;
        }
        *backup = file.fileName();
        return true;
    }
    *error = TimingReaderTexts::tr("there are too many backups from this second");
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
        *error = TimingReaderTexts::tr("its group cannot be kept: %1").arg(qt_error_string());
        return false;
    }
    if (was.st_uid != is.st_uid && ::fchown(file.handle(), was.st_uid, was.st_gid) != 0) {
        *error = TimingReaderTexts::tr("it belongs to another user, and its replacement would not");
        return false;
    }
    // After the owner: a change of that may take bits away.
    if (::fchmod(file.handle(), was.st_mode & 07777) != 0) {
        *error = TimingReaderTexts::tr("its permissions cannot be kept: %1").arg(qt_error_string());
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
    *error = TimingReaderTexts::tr("the file has changed in the meantime, so nothing was written: open it again");
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
        return fail(info.isSymLink() ? TimingReaderTexts::tr("the link is broken")
                                     : TimingReaderTexts::tr("there is no such file"));
    if (!info.isFile()) // A pipe would be waited for.
        return fail(TimingReaderTexts::tr("it is not a regular file"));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(TimingReaderTexts::tr("it cannot be read: %1").arg(file.errorString()));
    *text = file.read(largestFile + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(TimingReaderTexts::tr("it cannot be read: %1").arg(file.errorString()));
    if (text->size() > largestFile)
        return fail(TimingReaderTexts::tr("it is larger than a megabyte"));
    return true;
}

bool replaceFile(const QString &path, const QByteArray &before, const QByteArray &after, qint64 nowMs, QString *backup,
                 QString *error)
{
    // The target of a link: a rename would replace the link itself.
    const QString target = QFileInfo(path).canonicalFilePath();
    if (target.isEmpty()) {
        *error = TimingReaderTexts::tr("there is no such file");
        return false;
    }
    if (!isStill(target, before, error))
        return false;
    if (!QFileInfo(target).isWritable()) {
        *error = TimingReaderTexts::tr("it is not writable");
        return false;
    }
    QString kept;
    if (!keepBackup(target, before, nowMs, &kept, error))
        return false;
    QSaveFile file(target);
    bool ok = file.open(QIODevice::WriteOnly);
    if (!ok)
        *error = TimingReaderTexts::tr("it cannot be replaced: %1").arg(file.errorString());
    if (ok && !writeAll(file, after)) {
        ok = false;
        *error = TimingReaderTexts::tr("it cannot be written: %1").arg(file.errorString());
    }
    ok = ok && keepOwner(file, target, error) && isStill(target, before, error);
    if (ok && !file.commit()) {
        ok = false;
        *error = TimingReaderTexts::tr("it cannot be replaced: %1").arg(file.errorString());
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
