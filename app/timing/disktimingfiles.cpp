// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/timing/disktimingfiles.h"

#include "app/timing/filereplacement.h"
#include "app/timing/timingproposal.h"

#include <QFileInfo>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

/// False with the answer's error if there is nothing to work with.
bool readInto(TimingFileAnswer &answer, const TimingLibrary &library, TimingFileReading *reading)
{
    QByteArray text;
    if (!readSmallFile(answer.path, &text, &answer.error))
        return false;
    *reading = readTimingFile(answer.path, text, library);
    answer.file = reading->file;
    answer.error = reading->error;
    return answer.error.isEmpty();
}

} // namespace

DiskTimingFiles::DiskTimingFiles(const TimingLibrary &library, const Clock &clock, QObject *parent)
    : TimingFiles(parent)
    , m_library(library)
    , m_clock(clock)
{
    m_pool.setMaxThreadCount(1);
}

DiskTimingFiles::~DiskTimingFiles()
{
    m_pool.waitForDone();
}

quint64 DiskTimingFiles::start(const QString &path, std::function<void(TimingFileAnswer &)> work)
{
    const quint64 token = ++m_lastToken;
    m_pool.start([this, token, path, work = std::move(work)] {
        TimingFileAnswer answer;
        answer.token = token;
        answer.path = path;
        work(answer);
        if (!answer.error.isEmpty())
            answer.error.prepend(QString(QFileInfo(path).fileName() + u": "_s));
        // Not delivered any more if this is gone by then.
        QMetaObject::invokeMethod(
            this, [this, answer] { emit answered(answer); }, Qt::QueuedConnection);
    });
    return token;
}

quint64 DiskTimingFiles::read(const QString &path)
{
    return start(path, [this](TimingFileAnswer &answer) {
        TimingFileReading reading;
        answer.ok = readInto(answer, m_library, &reading);
    });
}

quint64 DiskTimingFiles::propose(const QString &path, const TimingProfile &profile, const std::optional<QString> &environment)
{
    return start(path, [this, profile, environment](TimingFileAnswer &answer) {
        TimingFileReading reading;
        if (!readInto(answer, m_library, &reading))
            return;
        answer.environment = environment.value_or(reading.file.profiles().constFirst());
        makeProposal(reading, profile, m_library, &answer);
    });
}

quint64 DiskTimingFiles::write(const TimingFileAnswer &proposal)
{
    return start(proposal.path, [this, proposal](TimingFileAnswer &answer) {
        answer.file = proposal.file;
        answer.environment = proposal.environment;
        answer.proposed = proposal.proposed;
        answer.diff = proposal.diff;
        answer.notHeld = proposal.notHeld;
        if (!proposal.ok)
            answer.error = tr("there is no proposal to write");
        else if (proposal.proposed == proposal.file.text)
            answer.ok = true; // Nothing would change, so nothing is touched.
        else
            answer.ok = replaceFile(proposal.path, proposal.file.text, proposal.proposed, m_clock.wallNowMs(), &answer.backup,
                                    &answer.error);
    });
}

} // namespace pulsedeck
