// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/commands/questionfigures.h"

#include "models/core/format.h"
#include "ui/commands/capacitybars.h"
#include "ui/commands/commanddraft.h"
#include "ui/common/boxes.h"
#include "ui/common/commandtexts.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/theme.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

QuestionFigures::QuestionFigures(QWidget *parent)
    : QWidget(parent)
{
    auto *row = hbox(this, 24);
    for (Figure &figure : m_figures) {
        figure.box = new QWidget(this);
        figure.number = new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Figure, figure.box);
        figure.word = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, figure.box);
        figure.below = new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, figure.box);
        auto *upper = hbox(6);
        upper->addWidget(figure.number, 0, Qt::AlignBaseline);
        upper->addWidget(figure.word, 1, Qt::AlignBaseline);
        auto *column = vbox(figure.box, 1);
        column->addLayout(upper);
        column->addWidget(figure.below);
        row->addWidget(figure.box);
    }
    row->addStretch(1);
}

void QuestionFigures::set(int figure, const QString &number, const QString &word, const QString &below)
{
    Figure &place = m_figures[size_t(figure)];
    place.box->setVisible(!number.isEmpty());
    place.number->setText(number);
    place.word->setText(word);
    place.below->setText(below);
}

QString QuestionFigures::text(int figure) const
{
    const Figure &place = m_figures[size_t(figure)];
    return QString(place.number->text() + u' ' + place.word->text());
}

void QuestionFigures::showDraft(const CommandDraft &draft)
{
    const CommandPreview &preview = draft.preview();
    int before = 0;
    int after = 0;
    int total = 0;
    int unknown = 0;
    for (const CapacityChange &change : preview.capacity) {
        unknown += change.unknown;
        before += change.before;
        after += change.after;
        total += change.total;
    }
    const int acting = int(preview.acting.size());
    const QString type = preview.capacity.size() == 1 && !preview.capacity.front().type.isEmpty() ? preview.capacity.front().type
                                                                                                  : tr("all types concerned");
    const auto arrow = [](int from, int to) { return QString(groupedNumber(from) + u" → "_s + groupedNumber(to)); };
    const SourceTraits *const own = preview.ownSystem();
    const bool onlyActors = preview.actors > 0 && preview.actors == acting;
    if (isShutdown(preview.act))
        set(0, arrow(total, total - acting),
            own          ? traitText(own->workers)
            : onlyActors ? tr("actors")
                         : tr("workers"),
            tr("%1, %2", "a type, and how it changes").arg(type, changeText(total, total - acting)));
    else
        set(0, {}, {}, {});
    QString drains = changeText(before, after);
    if (preview.alreadyDraining > 0)
        drains =
            tr("%1, %2 of the %3 already draining").arg(drains, groupedNumber(preview.alreadyDraining), groupedNumber(acting));
    if (unknown > 0)
        drains = tr("%1, not known of %2", "how many, and of how many it is not known").arg(drains, groupedNumber(unknown));
    set(1, arrow(before, after), tr("taking work"), drains);
    // What an actor is at its hub does not tell.
    const int counted = preview.withKey();
    if (counted == 0 && acting > 0) {
        set(2, {}, {}, {});
        return;
    }
    QString on = preview.actors > 0 ? tr("on %Ln worker(s), for actors not known", nullptr, counted)
                 : acting == 1      ? tr("on this worker")
                                    : tr("on these %Ln worker(s)", nullptr, acting);
    if (preview.sessionsUnknown > 0)
        on = tr("%1, %2 unknown").arg(on, groupedNumber(preview.sessionsUnknown));
    set(2, groupedNumber(preview.sessions),
        preview.ownWay > 0 ? tr("at work") : tr("active session(s)", nullptr, int(preview.sessions)), on);
}

} // namespace pulsedeck
