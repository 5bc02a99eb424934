// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/recordingbanner.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

RecordingBanner::RecordingBanner(QWidget *parent)
    : MessageLine(parent, 5)
    , m_words(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_hint(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
{
    m_words->setElideMode(Qt::ElideMiddle);
    m_words->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_hint->setElideMode(Qt::ElideRight);
    row()->addWidget(m_words, 3);
    row()->addWidget(m_hint, 2);
    hide();
}

void RecordingBanner::setState(const JournalState &state, bool journal)
{
    QString words;
    QString hint;
    if (!journal) {
        words = tr("Nothing is recorded in this session.");
    } else if (!state.recording && !state.message.isEmpty()) {
        words = state.message;
        hint = state.hint;
    }
    if (!words.isEmpty() && state.lost > 0)
        words = tr("%1 %Ln entr(y/ies) (is/are) missing.", nullptr, int(state.lost)).arg(words);
    m_words->setText(words);
    m_words->setToolTip(words);
    m_hint->setText(hint);
    setAccessibleName(text());
    setVisible(!words.isEmpty());
}

QString RecordingBanner::text() const
{
    return m_hint->text().isEmpty() ? m_words->text() : QString(m_words->text() + u' ' + m_hint->text());
}

} // namespace pulsedeck
