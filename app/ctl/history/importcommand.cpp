// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/history/importcommand.h"

#include "app/ctl/fleettext.h"

#include <QFile>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ImportCommand::ImportCommand(const HistoryCtlOptions &options, Output &output)
    : CtlCommand(output)
    , m_options(options)
{ }

ImportCommand::~ImportCommand() = default;

void ImportCommand::start()
{
    QFile file(m_options.recording);
    if (!file.open(QIODevice::ReadOnly)) {
        fail(u"%1: %2"_s.arg(m_options.recording, file.errorString()));
        return;
    }
    QString error;
    std::optional<BeatRecording> recording = BeatRecording::load(file, &error);
    if (!recording) {
        fail(u"%1: %2"_s.arg(m_options.recording, error));
        return;
    }
    m_recording = std::move(*recording);
    m_frames = std::make_unique<RecordingFrames>(m_recording);
    if (m_frames->isEmpty()) {
        fail(u"%1 has no beats, or times that cannot be."_s.arg(m_options.recording));
        return;
    }
    HistoryLimits limits;
    limits.keepForMs = HistoryLimits::mostKeepMs;
    limits.maxBytes = HistoryLimits::mostMaxBytes;
    m_history = std::make_unique<SqlHistory>(m_folder.filePath(u"history.sqlite"_s), limits);
    connect(m_history.get(), &History::answered, this, [this] { feed(); });
    connect(m_history.get(), &History::exported, this, [this](quint64, const QString &wrong) {
        if (wrong.isEmpty())
            end(CtlExit::Done);
        else
            fail(wrong);
    });
    feed();
}

void ImportCommand::close(CtlExit code)
{
    m_history.reset();
    CtlCommand::close(code);
}

void ImportCommand::feed()
{
    if (isEnded())
        return;
    if (const HistoryState state = m_history->state(); !state.message.isEmpty() || state.lost > 0) {
        fail(state.message.isEmpty() ? u"The recording is too large."_s : state.message);
        return;
    }
    size_t beats = 0;
    while (beats < mostUnasked) {
        std::optional<HistoryFrame> frame = m_frames->next();
        if (!frame) {
            m_history->exportSpan(m_recording.from, m_recording.to + 1, m_options.file, m_history->nextToken());
            return;
        }
        beats += frame->beats.size() + frame->changes.size() + 1;
        m_history->write(std::move(*frame));
    }
    // Answered once all of that is written.
    m_history->ask(SpansQuery(), m_history->nextToken(), 0);
}

void ImportCommand::fail(const QString &text)
{
    Output::complain(printable(text));
    end(CtlExit::Usage);
}

} // namespace pulsedeck
