// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/quitquestion.h"

#include "models/core/format.h"
#include "ui/fleet/fleetwords.h"
#include "ui/theme/band.h"
#include "ui/theme/glyphmark.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/theme/tonelabel.h"

#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QStringList QuitFacts::sentences() const
{
    const auto tr = [](const char *text) { return QuitQuestion::tr(text); };
    QStringList lines;
    for (const RollingRunner::Unfinished &roll : rolls) {
        QString line = tr("The rolling shutdown on %1 pauses: %2 of %3 workers are still queued and stay as they are.")
                           .arg(roll.sources.join(u", "_s), groupedNumber(roll.queued), groupedNumber(roll.total));
        if (roll.underway == 1)
            line += u' ' + tr("1 that was told goes on by itself.");
        else if (roll.underway > 1)
            line += u' ' + tr("%1 that were told go on by themselves.").arg(groupedNumber(roll.underway));
        line += u' '
                + (resumable ? tr("At the next start it waits for you to resume it.")
                             : tr("Nothing is kept of it: it cannot be resumed."));
        lines.append(line);
    }
    for (const Draft &draft : drafts) {
        lines.append(draft.changed == 1
                         ? tr("The timing draft for %1 is lost: 1 value was edited and not applied.").arg(draft.source)
                         : tr("The timing draft for %1 is lost: %2 values were edited and not applied.")
                               .arg(draft.source, groupedNumber(draft.changed)));
    }
    return lines;
}

QuitQuestion::QuitQuestion(const QuitFacts &facts, QWidget *parent)
    : QDialog(parent)
{
    const Theme &t = Theme::instance();
    setObjectName(u"quitQuestion"_s);
    setWindowTitle(tr("Quit Pulsedeck"));
    auto *content = new QVBoxLayout;
    content->setContentsMargins(t.scaled(20), t.scaled(18), t.scaled(20), t.scaled(18));
    content->setSpacing(t.scaled(10));
    content->addWidget(new ToneLabel(tr("Quit Pulsedeck?"), ToneLabel::Tone::Text, ToneLabel::Face::Title, this));
    const QStringList lines = facts.sentences();
    for (const QString &text : lines) {
        auto *label = new ToneLabel(text, ToneLabel::Tone::Text, ToneLabel::Face::Body, this);
        label->setWordWrap(true);
        auto *line = new QHBoxLayout;
        line->setSpacing(t.scaled(10));
        line->addWidget(new GlyphMark(Glyph::Warning, 14, this), 0, Qt::AlignTop);
        line->addWidget(label, 1);
        content->addLayout(line);
    }
    content->addStretch(1);

    auto *stay = new QPushButton(tr("&Stay"), this);
    stay->setObjectName(u"stay"_s);
    stay->setDefault(true);
    auto *quit = new QPushButton(facts.rolls.empty() ? tr("&Quit") : tr("&Pause and quit"), this);
    quit->setObjectName(u"quit"_s);
    quit->setAutoDefault(true); // Enter on it means it.
    setButtonRole(quit, ButtonRole::Danger);
    connect(stay, &QPushButton::clicked, this, &QDialog::reject);
    connect(quit, &QPushButton::clicked, this, &QDialog::accept);
    auto *footer = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *buttons = new QHBoxLayout(footer);
    buttons->setContentsMargins(t.scaled(16), t.scaled(11), t.scaled(16), t.scaled(11));
    buttons->addStretch(1);
    buttons->addWidget(stay);
    buttons->addWidget(quit);
    setTabOrder(stay, quit);

    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->setSpacing(0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);
    setFixedWidth(t.scaled(500));
    stay->setFocus();
}

} // namespace pulsedeck
