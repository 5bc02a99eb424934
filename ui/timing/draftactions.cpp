// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/draftactions.h"

#include "models/core/format.h"
#include "models/timing/systemtiming.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/glyphmark.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"
#include "ui/timing/pastreasons.h"
#include "ui/timing/timingpairs.h"

#include <QMenu>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace pulsedeck {

DraftActions::DraftActions(bool files, bool past, QWidget *parent)
    : QWidget(parent)
    , m_review(new QPushButton(tr("Review changes…"), this))
    , m_revert(new QPushButton(tr("Revert"), this))
    , m_export(new QPushButton(tr("Files"), this))
    , m_copy(new QPushButton(tr("Copy"), this))
    , m_save(new QPushButton(tr("Export…"), this))
    , m_files(files)
    , m_past(past)
    , m_mark(new GlyphMark(Glyph::Ok, 12, this))
    , m_state(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_hint(new ToneLabel(tr("Files: .env, wrangler.toml"), ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_cannot(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
{
    m_review->setObjectName(u"reviewChanges"_s);
    m_revert->setObjectName(u"revertDraft"_s);
    m_export->setObjectName(u"timingFiles"_s);
    m_state->setObjectName(u"applyState"_s);
    m_copy->setObjectName(u"copyTiming"_s);
    m_save->setObjectName(u"exportTiming"_s);
    m_cannot->named(u"cannotSet"_s)->wrapped();
    m_copy->setToolTip(tr("Copy what is to be changed, and where, as text"));
    m_save->setToolTip(tr("Write what is to be changed, and where, into a text file"));
    for (QPushButton *button : {m_review, m_revert, m_export, m_copy, m_save})
        button->setAutoDefault(false);
    setButtonRole(m_review, ButtonRole::Primary);
    m_review->setToolTip(tr("Compare before and after, then apply the draft"));
    m_revert->setToolTip(tr("Discard the draft; Ctrl+Z restores it"));
    auto *menu = new QMenu(m_export);
    menu->setToolTipsVisible(true);
    const auto add = [menu, past](const QString &text, const QString &whyNotPast) {
        QAction *action = menu->addAction(text);
        if (past && !whyNotPast.isEmpty()) {
            action->setEnabled(false);
            action->setToolTip(whyNotPast);
        }
        return action;
    };
    if (files || past) {
        for (const auto &[text, kind] : {std::pair{tr("Write to a Worker's .env…"), u"worker.env"_s},
                                         {tr("Write to a Proxy's .env…"), u"proxy.env"_s},
                                         {tr("Write to a wrangler.toml…"), u"wrangler.toml"_s}})
            connect(add(text, PastReasons::files()), &QAction::triggered, this,
                    [this, kind = kind] { emit exportRequested(kind); });
        menu->addSeparator();
        connect(add(tr("Read Values from a File…"), PastReasons::files()), &QAction::triggered, this,
                &DraftActions::readRequested);
        menu->addSeparator();
    }
    connect(add(tr("Constants in Code…"), {}), &QAction::triggered, this, &DraftActions::constantsRequested);
    connect(add(tr("Load Your Own Rules and Presets…"), PastReasons::rules()), &QAction::triggered, this,
            &DraftActions::rulesRequested);
    m_export->setMenu(menu);
    m_hint->setVisible(files);
    if (past) {
        m_review->setToolTip(PastReasons::apply());
        for (QPushButton *button : {m_copy, m_save}) {
            button->setEnabled(false);
            button->setToolTip(PastReasons::handOn());
        }
    }
    for (QWidget *part : std::initializer_list<QWidget *>{m_copy, m_save, m_cannot})
        part->hide(); // Until there is a draft that needs them: their room would make the window wider.
    m_state->setElideMode(Qt::ElideRight);
    auto *buttons = hbox(8);
    addWidgets(buttons, {m_review, m_copy, m_save, m_revert});
    buttons->addStretch(1);
    buttons->addWidget(m_export);
    auto *state = hbox(6);
    state->addWidget(m_mark);
    state->addWidget(m_state, 1);
    state->addWidget(m_hint);
    auto *whole = vbox(this, 6, {16, 9, 12, 8});
    whole->addLayout(buttons);
    whole->addLayout(state);
    whole->addWidget(m_cannot);
    followTheme(this, [this] { m_revert->setIcon(glyphIcon(Glyph::Undo)); });
    connect(m_review, &QPushButton::clicked, this, &DraftActions::reviewRequested);
    connect(m_revert, &QPushButton::clicked, this, &DraftActions::revertRequested);
    connect(m_copy, &QPushButton::clicked, this, &DraftActions::copyRequested);
    connect(m_save, &QPushButton::clicked, this, &DraftActions::saveRequested);
}

void DraftActions::setDraft(TimingDraft *draft)
{
    if (!followDraft(m_draft, draft, this, &DraftActions::review))
        return;
    review();
}

void DraftActions::setWriteTrouble(const QString &why)
{
    if (m_trouble == why)
        return;
    m_trouble = why;
    review();
}

void DraftActions::setDeaths(int deaths)
{
    if (m_deaths == deaths)
        return;
    m_deaths = deaths;
    review();
}

void DraftActions::review()
{
    if (!m_draft)
        return;
    const bool system = m_draft->isSystem();
    for (QWidget *part : std::initializer_list<QWidget *>{m_copy, m_save, m_cannot})
        part->setVisible(system);
    for (QWidget *part : std::initializer_list<QWidget *>{m_review, m_export})
        part->setVisible(!system);
    m_hint->setVisible(m_files && !system);
    if (system)
        m_cannot->setText(cannotSetText(m_draft->library()));
    const bool clean = m_draft->isClean();
    m_review->setEnabled(!clean && !m_past);
    m_revert->setEnabled(!clean);
    const TimingCounts counts = countTiming(*m_draft);
    Glyph glyph = Glyph::Ok;
    QString text = countSentence(*m_draft);
    if (counts.errors > 0)
        glyph = Glyph::Error;
    else if (clean && counts.warnings == 0)
        text = tr("Nothing is changed.");
    else if (counts.warnings > 0)
        glyph = Glyph::Warning;
    if (clean && counts.warnings > 0 && !system)
        text = tr("%Ln warning(s) in force.", nullptr, counts.warnings);
    if (!clean && counts.errors == 0 && m_deaths > 0) {
        glyph = Glyph::Error;
        // Short: the names of files are next to it.
        text = (system ? tr("%1 would be called late.") : tr("%1 would be declared dead.")).arg(groupedNumber(m_deaths));
        if (counts.warnings > 0)
            text += u' ' + countSentence(*m_draft);
    }
    // If nothing else prevents applying it, a locked or unconnected source does.
    if (!system && !clean && counts.errors == 0 && !m_trouble.isEmpty()) {
        glyph = Glyph::Lock;
        text = m_trouble;
    }
    m_mark->setGlyph(glyph);
    m_state->setText(text);
    m_review->setAccessibleDescription(text);
}

} // namespace pulsedeck
