// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/conflictdialog.h"

#include "models/core/format.h"
#include "ui/common/boxes.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timing/timingwords.h"

#include <QComboBox>
#include <QGridLayout>
#include <QHBoxLayout>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

ConflictDialog::ConflictDialog(const TimingLibrary &library, const TimingProfile &base, const TimingVersion &theirs,
                               const TimingProfile &yours, qint64 now, QWidget *parent)
    : QDialog(parent)
    , m_theirs(theirs.profile)
    , m_yours(yours)
    , m_words(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))
{
    setObjectName(u"conflictDialog"_s);
    setWindowTitle(tr("The timing record has changed"));
    auto *layout = vbox(this, 10, {16, 14, 16, 12});
    layout->addWidget(new ToneLabel(windowTitle(), ToneLabel::Tone::Text, ToneLabel::Face::Title, this));
    QString what = theirs.by.isEmpty() ? tr("Your draft is based on v%1, but v%2 is in force now.")
                                       : tr("Your draft is based on v%1, but v%2 is in force now, written by %3 (%4).");
    what = what.arg(base.version).arg(m_theirs.version);
    if (!theirs.by.isEmpty())
        what = what.arg(theirs.by, momentText(theirs.at, now));
    what += u' ' + tr("Nothing of your draft was written. Choose the values to continue with:");
    layout->addWidget((new ToneLabel(what, ToneLabel::Tone::Dim, ToneLabel::Face::Body, this))->wrapped());
    if (!theirs.reason.isEmpty()) {
        auto *reason =
            new ToneLabel(tr("Their reason: %1").arg(theirs.reason), ToneLabel::Tone::Text, ToneLabel::Face::Body, this);
        reason->setWordWrap(true);
        layout->addWidget(reason);
    }
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(px(18));
    grid->setVerticalSpacing(px(7));
    const QStringList heads{tr("Parameter"), tr("Base, v%1").arg(base.version), tr("Theirs, v%1").arg(m_theirs.version),
                            tr("Yours"), tr("Take")};
    for (int column = 0; column < heads.size(); ++column)
        grid->addWidget(new ToneLabel(heads[column], ToneLabel::Tone::Dim, ToneLabel::Face::Small, this), 0, column,
                        column > 0 && column < 4 ? Qt::AlignRight : Qt::AlignLeft);
    int row = 1;
    for (const TimingId id : allTimings) {
        const qint64 began = timingValue(base, id);
        const qint64 their = timingValue(m_theirs, id);
        const qint64 your = timingValue(yours, id);
        if (their == began && your == began)
            continue;
        const bool both = their != began && your != began && their != your;
        const QString label = library.parameter(id).label;
        grid->addWidget(new ToneLabel(both ? tr("%1 (both changed it)").arg(label) : label,
                                      both ? ToneLabel::Tone::Late : ToneLabel::Tone::Text, ToneLabel::Face::Body, this),
                        row, 0);
        const auto value = [&](int column, qint64 ms, bool changed) {
            grid->addWidget(new ToneLabel(fieldText(ms), changed ? ToneLabel::Tone::Text : ToneLabel::Tone::Dim,
                                          changed ? ToneLabel::Face::Bold : ToneLabel::Face::Body, this),
                            row, column, Qt::AlignRight);
        };
        value(1, began, false);
        value(2, their, their != began);
        value(3, your, your != began);
        auto *choice = new QComboBox(this);
        choice->setObjectName(u"take-"_s + QLatin1StringView(timingName(id)));
        choice->setAccessibleName(tr("Which %1 to take").arg(label));
        choice->addItem(tr("theirs, %1").arg(fieldText(their)));
        choice->addItem(tr("yours, %1").arg(fieldText(your)));
        // A value that only one side changed keeps that change.
        choice->setCurrentIndex(your != began ? 1 : 0);
        choice->setEnabled(their != your);
        connect(choice, &QComboBox::currentIndexChanged, this, &ConflictDialog::review);
        grid->addWidget(choice, row, 4);
        m_choices[size_t(id)] = choice;
        ++row;
    }
    grid->setColumnStretch(0, 1);
    layout->addLayout(grid);
    m_words->setWordWrap(true);
    layout->addWidget(m_words);
    layout->addStretch(1);
    auto *buttons = new QHBoxLayout;
    auto *theirsAll = new QPushButton(tr("All theirs"), this);
    auto *yoursAll = new QPushButton(tr("All yours"), this);
    auto *later = new QPushButton(tr("Keep my draft"), this);
    auto *go = new QPushButton(tr("Continue with these"), this);
    go->setObjectName(u"conflictGoOn"_s);
    setButtonRole(go, ButtonRole::Primary);
    for (QPushButton *button : {theirsAll, yoursAll, later, go})
        button->setAutoDefault(false);
    later->setToolTip(tr("Changes nothing: the draft is still based on v%1 and cannot be applied").arg(base.version));
    addWidgets(buttons, {theirsAll, yoursAll});
    buttons->addStretch(1);
    addWidgets(buttons, {later, go});
    layout->addLayout(buttons);
    connect(theirsAll, &QPushButton::clicked, this, [this] { takeAll(true); });
    connect(yoursAll, &QPushButton::clicked, this, [this] { takeAll(false); });
    connect(later, &QPushButton::clicked, this, &QDialog::reject);
    connect(go, &QPushButton::clicked, this, &QDialog::accept);
    review();
    resize(qMax(px(640), sizeHint().width()), sizeHint().height());
}

TimingProfile ConflictDialog::merged() const
{
    TimingProfile merged = m_theirs;
    for (const TimingId id : allTimings) {
        if (const QComboBox *choice = m_choices[size_t(id)]; choice && choice->currentIndex() == 1)
            setTimingValue(merged, id, timingValue(m_yours, id));
    }
    return merged;
}

void ConflictDialog::takeAll(bool theirs)
{
    for (QComboBox *choice : m_choices) {
        if (choice)
            choice->setCurrentIndex(theirs ? 0 : 1);
    }
}

void ConflictDialog::review()
{
    const int count = differenceCount(m_theirs, merged());
    m_words->setText(count == 0 ? tr("The draft will be the same as v%1: there is nothing to apply.").arg(m_theirs.version)
                                : tr("The new draft will change %Ln value(s) of v%1. Review and apply it next.", nullptr, count)
                                      .arg(m_theirs.version));
}

} // namespace pulsedeck
