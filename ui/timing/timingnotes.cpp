// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/timingnotes.h"

#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/buttons.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

TimingNotes::TimingNotes(QWidget *parent)
    : QWidget(parent)
{
    setObjectName(u"timingNotes"_s);
    auto *whole = vbox(this, 0);
    for (int kind = 0; kind < kindCount; ++kind) {
        Line &line = m_lines[size_t(kind)];
        line.band = new Band(Qt::BottomEdge, Band::Ground::Base, this);
        auto *layout = hbox(line.band, 8, {12, 3, 12, 4});
        line.mark = new GlyphMark(Glyph::Info, 14, line.band);
        line.text = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, line.band);
        line.text->setObjectName(u"note%1"_s.arg(kind));
        line.text->setElideMode(Qt::ElideRight);
        line.button = plainButton({}, u"noteButton%1"_s.arg(kind), line.band, ButtonRole::Link);
        layout->addWidget(line.mark);
        layout->addWidget(line.text, 1);
        layout->addWidget(line.button);
        connect(line.button, &QPushButton::clicked, this, [this, kind] { emit buttonPressed(kind); });
        line.band->hide();
        whole->addWidget(line.band);
    }
}

void TimingNotes::setNote(Kind kind, Glyph glyph, const QString &text, const QString &button)
{
    Line &line = m_lines[size_t(kind)];
    line.glyph = glyph;
    line.mark->setGlyph(glyph);
    line.text->setText(text);
    line.text->setAccessibleName(text);
    line.button->setText(button);
    line.button->setVisible(!button.isEmpty());
    line.band->setVisible(!text.isEmpty());
}

void TimingNotes::endTrouble()
{
    if (const Line &news = m_lines[size_t(News)]; news.glyph == Glyph::Error)
        setNote(News, Glyph::Info, {});
}

QString TimingNotes::text(Kind kind) const
{
    return m_lines[size_t(kind)].text->text();
}

} // namespace pulsedeck
