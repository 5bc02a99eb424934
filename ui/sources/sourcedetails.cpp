// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/sources/sourcedetails.h"

#include "models/commands/writeaccess.h"
#include "models/hub/hubstore.h"
#include "ui/common/boxes.h"
#include "ui/common/columnscroll.h"
#include "ui/common/environmentmark.h"
#include "ui/common/environmenttag.h"
#include "ui/common/glyphmark.h"
#include "ui/common/selfdeleting.h"
#include "ui/common/sourcepanel.h"
#include "ui/common/sourcewords.h"
#include "ui/sources/factspanel.h"
#include "ui/sources/layoutdialog.h"
#include "ui/sources/sourceeditor.h"
#include "ui/sources/troublepanel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QPushButton>
#include <QStackedWidget>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

QScrollArea *scrolled(QWidget *content, QWidget *parent)
{
    auto *scroll = new ColumnScroll(content, parent);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAsNeeded);
    return scroll;
}

} // namespace

SourceDetails::SourceDetails(FleetStore &store, SourceListModel &sources, WriteAccess &access, const Clock &clock, HubStore *hubs,
                             SourcePanel *hubPanel, SecretStore *secrets, ConnectionTester *tester, QWidget *parent)
    : Band({}, Ground::Chrome, parent)
    , m_store(store)
    , m_sources(sources)
    , m_access(access)
    , m_clock(clock)
    , m_hubs(hubs)
    , m_hubPanel(hubPanel)
    , m_editor(new SourceEditor(secrets, tester, this))
{
    build();
}

void SourceDetails::build()
{
    auto *header = new Band(Qt::BottomEdge, Ground::Chrome, this);
    m_mark = new GlyphMark(Glyph::Off, 13, header);
    m_name = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Bold, header))->elided(Qt::ElideMiddle);
    m_headline = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Body, header))->elided()->named(u"headline"_s);
    m_lock = new GlyphMark(Glyph::Lock, 13, header);
    m_writing = (new ToneLabel(ToneLabel::Tone::Text, ToneLabel::Face::Body, header))->named(u"writing"_s);
    auto *headerRow = hbox(header, 8, {16, 0, 16, 0});
    headerRow->addWidget(m_mark);
    m_environment = new EnvironmentMark(SourceEnvironment::None, header);
    m_environmentWord = new EnvironmentTag(SourceEnvironment::None, header);
    addWidgets(headerRow, {m_environment, m_name, m_environmentWord});
    headerRow->addWidget(m_headline, 1);
    addWidgets(headerRow, {m_lock, m_writing});
    header->setFixedHeight(px(38));

    m_trouble = new TroublePanel(this);
    connect(m_trouble, &TroublePanel::passwordRequested, this, [this] { emit passwordRequested(m_source); });
    connect(m_trouble, &TroublePanel::editRequested, this, [this] {
        m_editing = true;
        placeEditor();
        m_editor->focusForm();
    });
    connect(m_editor, &SourceEditor::saved, this, [this](SourceSettings settings) {
        settings.visible = m_sources.settings(settings.id).visible;
        m_editing = false;
        emit saved(settings);
        refresh();
    });
    connect(m_editor, &SourceEditor::lookAgainRequested, this, &SourceDetails::lookAgainRequested);
    connect(m_editor, &SourceEditor::layoutRequested, this, [this](const UnknownBeats &keys) {
        auto *dialog = selfDeleting(new LayoutDialog(keys, m_layoutFolder, window()));
        connect(dialog, &LayoutDialog::made, this, &SourceDetails::layoutMade);
        dialog->open();
    });
    connect(&m_sources, &SourceListModel::rowsRemoved, this, [this] {
        // The rows are gone by now.
        QList<SourceId> known;
        for (const SourceSettings &settings : m_sources.all())
            known.append(settings.id);
        m_editor->forgetAllBut(known);
    });
    connect(m_trouble, &TroublePanel::retryRequested, this, [this] { emit connectRequested(m_source); });

    auto *column = vbox(this, 0);
    addWidgets(column, {header, m_trouble});
    auto *middle = hbox(0);
    middle->addWidget(buildFacts(), 1);
    middle->addWidget(m_editor, 1);
    column->addLayout(middle, 1);
    column->addWidget(buildFooter());
}

QWidget *SourceDetails::buildFacts()
{
    m_facts = new FactsPanel(false);
    m_redisView = scrolled(m_facts, this);
    m_hubFacts = new FactsPanel(true);
    if (m_hubPanel) {
        m_hubPanel->setFactsWidget(m_hubFacts);
        m_hubView = m_hubPanel;
        connect(m_hubPanel, &SourcePanel::workerRequested, this, &SourceDetails::workerRequested);
        connect(m_hubs, &HubStore::viewChanged, this, [this](SourceId source) {
            if (source == m_source)
                refresh();
        });
    } else {
        m_hubView = scrolled(m_hubFacts, this);
    }
    m_stack = new QStackedWidget(this);
    m_stack->addWidget(m_redisView);
    m_stack->addWidget(m_hubView);
    return m_stack;
}

QWidget *SourceDetails::buildFooter()
{
    auto *footer = new Band(Qt::TopEdge, Ground::Chrome, this);
    m_remembered = (new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, footer))->elided();
    m_remove = new QPushButton(tr("Remove…"), footer);
    m_hide = new QPushButton(footer);
    m_edit = new QPushButton(tr("&Settings"), footer);
    m_edit->setObjectName(u"editSource"_s);
    m_disconnect = new QPushButton(tr("&Disconnect"), footer);
    m_disconnect->setObjectName(u"disconnectSource"_s);
    m_connect = new QPushButton(footer);
    m_connect->setObjectName(u"connectSource"_s);
    auto *footerRow = hbox(footer, -1, {16, 10, 16, 10});
    footerRow->addWidget(m_remembered, 1);
    for (QPushButton *button : {m_remove, m_hide, m_edit, m_disconnect, m_connect}) {
        button->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        footerRow->addWidget(button);
    }
    m_footer = footer;
    connect(m_remove, &QPushButton::clicked, this, [this] { emit removeRequested(m_source); });
    m_edit->setCheckable(true);
    connect(m_edit, &QPushButton::clicked, this, [this](bool on) {
        m_editing = on;
        placeEditor();
        if (on)
            m_editor->focusForm();
    });
    connect(m_connect, &QPushButton::clicked, this, [this] { emit connectRequested(m_source); });
    connect(m_disconnect, &QPushButton::clicked, this, [this] { emit disconnectRequested(m_source); });
    connect(m_hide, &QPushButton::clicked, this, [this] {
        const QModelIndex index = m_sources.index(m_sources.rowOf(m_source));
        const bool shown = index.data(Qt::CheckStateRole).toInt() == Qt::Checked;
        m_sources.setData(index, shown ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
        refresh();
    });
    return footer;
}

/// Two columns where both have room, else one in place of the other. A hub's panel needs the room, and the demo has no settings.
void SourceDetails::placeEditor()
{
    const SourceSettings settings = m_sources.settings(m_source);
    const bool can = m_source != 0 && !settings.demo;
    const bool hub = settings.traits()->has(SourceFact::Messages);
    const bool wide = width() >= px(hub ? 1'160 : 860);
    const bool always = can && wide && !hub;
    const bool shown = can && (always || m_editing);
    m_edit->setVisible(can && !always);
    m_edit->setChecked(shown);
    m_editor->setVisible(shown);
    m_stack->setVisible(!shown || wide);
    // Its text is the least important: no button is cut for it, and the buttons move together first.
    QLayout *row = m_footer->layout();
    const auto needs = [&] {
        int needed = 0;
        for (QPushButton *button : {m_remove, m_hide, m_edit, m_disconnect, m_connect})
            needed += button->isHidden() ? 0 : button->sizeHint().width() + row->spacing();
        return needed;
    };
    m_remembered->setVisible(needs() + px(32 + 90) <= width());
    const int side = px(needs() + px(32) <= width() ? 16 : 6);
    row->setContentsMargins(side, px(10), side, px(10));
    row->setSpacing(px(side > px(6) ? 8 : 4));
    if (shown)
        m_editor->setSource(settings);
}

void SourceDetails::resizeEvent(QResizeEvent *event)
{
    Band::resizeEvent(event);
    placeEditor();
}

void SourceDetails::setSource(SourceId source)
{
    if (source != m_source)
        m_editing = false;
    m_source = source;
    refresh();
}

void SourceDetails::refresh()
{
    if (m_sources.rowOf(m_source) < 0) {
        if (m_hubPanel)
            m_hubPanel->setSource(0);
        return;
    }
    const qint64 now = m_clock.nowMs();
    const SourceSettings settings = m_sources.settings(m_source);
    SourceStatus status = m_store.sourceStatus(m_source);
    if (const SourceId twin = m_store.twinOf(m_source))
        status.limits.prepend(sameServerText(m_store.sourceName(twin)));
    if (const int refused = m_store.refusedWorkers(m_source))
        status.limits.prepend(refusedText(refused, m_store.mostWorkers()));
    m_mark->setGlyph(sourceGlyph(status));
    m_name->setText(settings.name);
    m_environment->setEnvironment(settings.environment);
    m_environmentWord->setEnvironment(settings.environment);
    m_headline->setText(sourceHeadline(status, now));
    m_headline->setTone(sourceTone(status));
    m_trouble->setStatus(status);
    refreshFacts(settings, status, now);
    m_lock->setGlyph(m_access.allows(m_source) ? Glyph::Unlock : Glyph::Lock);
    m_writing->setText(writingTitle(settings, status, m_access));
    m_writing->setToolTip(writingSentence(settings, status, m_access));
    const QString secret = settings.traits()->secret;
    m_remembered->setText(settings.demo               ? tr("Ends with the window")
                          : !m_sources.isRemembered() ? tr("Not remembered: it ends with the window")
                          : secret.isEmpty()          ? tr("Remembered")
                                                      : tr("Remembered, without the %1").arg(traitText(secret)));
    refreshButtons(settings, status);
    if (settings.has(SourceField::Systems)) {
        DetectionReport look = status.look;
        look.systems = status.systems; // What watches a system may have more to say of it.
        m_editor->showFound(look);
    }
}

void SourceDetails::setLayoutFolder(const QString &folder)
{
    m_layoutFolder = folder;
    m_editor->setCanMakeLayout(!folder.isEmpty());
}

void SourceDetails::refreshFacts(const SourceSettings &settings, const SourceStatus &status, qint64 now)
{
    const int workers = m_store.sourceWorkerCount(m_source);
    const bool hub = settings.traits()->has(SourceFact::Messages);
    if (hub)
        m_hubFacts->setFacts(settings, status, m_access, workers, now, m_hubs ? m_hubs->view(m_source) : HubView());
    else
        m_facts->setFacts(settings, status, m_access, workers, now);
    if (m_hubPanel && m_hubPanel->source() != (hub ? m_source : SourceId(0)))
        m_hubPanel->setSource(hub ? m_source : SourceId(0));
    m_stack->setCurrentWidget(hub ? m_hubView : m_redisView);
}

void SourceDetails::refreshButtons(const SourceSettings &settings, const SourceStatus &status)
{
    const bool off = status.state == SourceState::Off || status.state == SourceState::Failed;
    const bool primary = off && !isLoginTrouble(status);
    m_connect->setText(status.state == SourceState::Off ? tr("&Connect") : tr("Re&connect"));
    if (buttonRole(m_connect) != (primary ? ButtonRole::Primary : ButtonRole::Normal))
        setButtonRole(m_connect, primary ? ButtonRole::Primary : ButtonRole::Normal);
    m_disconnect->setEnabled(!off);
    m_hide->setText(settings.visible ? tr("&Hide") : tr("S&how"));
    m_hide->setToolTip((settings.visible ? tr("Leave its %1 out of the Fleet page") : tr("Show its %1 in the Fleet page"))
                           .arg(traitText(settings.traits()->workers)));
    placeEditor();
    m_remove->setText(settings.demo ? tr("Stop demo") : tr("Remove…"));
}

} // namespace pulsedeck
