// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/quitquestion.h"

#include "models/core/format.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

QStringList QuitFacts::sentences() const
{
    QStringList lines;
    for (const RollingRunner::Unfinished &roll : rolls) {
        QStringList sentences{
            QuitQuestion::tr(
                "The rolling shutdown on %1 pauses with %2 of %Ln worker(s) still queued; these are left as they are.", nullptr,
                roll.total)
                .arg(roll.sources.join(u", "_s), groupedNumber(roll.queued))};
        if (roll.underway > 0)
            sentences.append(
                QuitQuestion::tr("%Ln that (has/have) received the command (continues/continue).", nullptr, roll.underway));
        sentences.append(resumable ? QuitQuestion::tr("You can resume it at the next start.")
                                   : QuitQuestion::tr("It is not saved and cannot be resumed."));
        lines.append(sentences.join(u' '));
    }
    for (const Draft &draft : drafts)
        lines.append(QuitQuestion::tr("The timing draft for %1 is lost: %Ln value(s) (was/were) edited and not applied.", nullptr,
                                      draft.changed)
                         .arg(draft.source));
    return lines;
}

QuitQuestion::QuitQuestion(const QuitFacts &facts, QWidget *parent)
    : QDialog(parent)
{
    setObjectName(u"quitQuestion"_s);
    setWindowTitle(tr("Quit Pulsedeck"));
    auto *content = vbox(nullptr, 10, {20, 18, 20, 18});
    content->addWidget(new ToneLabel(tr("Quit Pulsedeck?"), ToneLabel::Tone::Text, ToneLabel::Face::Title, this));
    const QStringList lines = facts.sentences();
    for (const QString &text : lines) {
        auto *label = (new ToneLabel(text, ToneLabel::Tone::Text, ToneLabel::Face::Body, this))->wrapped();
        auto *line = hbox(10);
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
    auto *buttons = hbox(footer, -1, {16, 11, 16, 11});
    buttons->addStretch(1);
    addWidgets(buttons, {stay, quit});
    setTabOrder(stay, quit);

    auto *whole = vbox(this, 0);
    whole->addLayout(content, 1);
    whole->addWidget(footer);
    setFixedWidth(px(500));
    stay->setFocus();
}

} // namespace pulsedeck
