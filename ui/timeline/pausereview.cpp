// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timeline/pausereview.h"

#include "ui/timeline/laneview.h"
#include "ui/timeline/pastlateness.h"
#include "ui/timeline/pauseline.h"
#include "ui/timeline/timelineflags.h"
#include "ui/timeline/timewindow.h"

namespace pulsedeck {

PauseReview::PauseReview(PauseLine &line, TimelineFlags &flags, TimeWindow &window, LaneView &view, PastLateness *lateness,
                         QObject *parent)
    : QObject(parent)
    , m_line(line)
    , m_flags(flags)
    , m_window(window)
    , m_view(view)
    , m_lateness(lateness)
{
    connect(&line, &PauseLine::showRequested, this, [this] {
        const auto length = double(m_shown.to - m_shown.from);
        m_window.show(double(m_shown.from) - 2 * length, double(m_shown.to) + 2 * length);
        m_view.setFocus();
    });
    connect(&line, &PauseLine::closeRequested, this, [this] {
        m_closed = m_shown.to;
        review();
    });
    connect(&flags, &TimelineFlags::changed, this, &PauseReview::review);
    if (lateness)
        connect(lateness, &PastLateness::changed, this, &PauseReview::collect);
}

void PauseReview::take(const LanePicture &picture)
{
    m_there = picture.there;
    collect();
}

void PauseReview::wantLateness()
{
    const SharedLanePicture &picture = m_view.pictures().whole();
    if (!m_lateness || !picture || !picture->last
        || (picture->completeFrom > 0 && m_window.from() >= double(picture->completeFrom)))
        return;
    m_lateness->want(qint64(m_window.from()), qint64(m_window.to()));
}

void PauseReview::collect()
{
    const SharedLanePicture &picture = m_view.pictures().whole();
    const std::vector<SourcePause> stored = picture ? picture->pauses : std::vector<SourcePause>();
    m_flags.setPauses(m_lateness ? m_lateness->joinedPauses(stored, picture ? picture->completeFrom : 0) : stored);
    review();
}

void PauseReview::review()
{
    const SourcePause *latest = nullptr;
    for (const SourcePause &one : m_flags.pauses()) {
        if (one.to > m_closed && double(one.from) <= m_window.to() && double(one.to) >= m_window.from())
            latest = &one;
    }
    if (!latest) {
        m_line.setWords({}, {});
        return;
    }
    m_shown = *latest;
    const auto [title, text] = m_flags.pauseSentence(*latest, m_there);
    m_line.setWords(title, text);
}

} // namespace pulsedeck
