// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/recordingbanner.h"

#include "models/core/format.h"
#include "ui/fleet/fleetwords.h"
#include "ui/theme/glyphs.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPainter>

using namespace Qt::StringLiterals;

namespace pulsedeck {

RecordingBanner::RecordingBanner(QWidget *parent)
    : QWidget(parent)
    , m_words(new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, this))
    , m_hint(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
{
    const Theme &measures = Theme::instance();
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(measures.scaled(32), measures.scaled(5), measures.scaled(8), measures.scaled(6));
    layout->setSpacing(measures.scaled(8));
    m_words->setElideMode(Qt::ElideMiddle);
    m_words->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_hint->setElideMode(Qt::ElideRight);
    layout->addWidget(m_words, 3);
    layout->addWidget(m_hint, 2);
    hide();
}

void RecordingBanner::setState(const JournalState &state, bool journal)
{
    QString words;
    QString hint;
    if (!journal) {
        words = u"Nothing is recorded in this session."_s;
    } else if (!state.recording && !state.message.isEmpty()) {
        words = state.message;
        hint = state.hint;
    }
    if (!words.isEmpty() && state.lost > 0)
        words += u" "_s + groupedNumber(state.lost) + (state.lost == 1 ? u" entry is missing."_s : u" entries are missing."_s);
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

void RecordingBanner::paintEvent(QPaintEvent *)
{
    const ThemeTokens &tokens = theme();
    const Theme &measures = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), blended(tokens.win, tokens.lateTint, tokens.dark ? 0.28 : 0.35));
    painter.fillRect(QRect(0, height() - 1, width(), 1), tokens.line);
    painter.fillRect(QRect(0, 0, 3, height() - 1), tokens.late);
    paintGlyph(painter, QPointF(measures.scaled(18), (height() - 1) / 2.0), measures.scaled(14), Glyph::Warning);
}

} // namespace pulsedeck
