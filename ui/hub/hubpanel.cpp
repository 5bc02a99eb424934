// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hubpanel.h"

#include "models/fleet/fleetstore.h"
#include "models/hub/hubstore.h"
#include "ui/common/boxes.h"
#include "ui/hub/hubdiscover.h"
#include "ui/hub/hubmessagetab.h"
#include "ui/hub/huboverview.h"
#include "ui/hub/messageform.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QTabBar>
#include <QTabWidget>

#include <array>
#include <chrono>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr std::array tabNames{"overview"_L1, "discover"_L1, "messages"_L1};
constexpr int messagesTab = 2;

} // namespace

HubPanel::HubPanel(HubStore &hubs, FleetStore &store, const SourceListModel &sources, WriteAccess &access, const Clock &clock,
                   QWidget *parent)
    : SourcePanel(parent)
    , m_context{hubs, store, sources, access, clock}
    , m_tabs(new QTabWidget(this))
    , m_overview(new HubOverview(m_context, m_tabs))
    , m_discover(new HubDiscover(m_context, m_tabs))
    , m_messages(new HubMessageTab(m_context, m_tabs))
{
    setObjectName(u"hubPanel"_s);
    m_tabs->setObjectName(u"hubTabs"_s);
    m_tabs->setDocumentMode(true);
    m_tabs->tabBar()->setDrawBase(false);
    m_tabs->tabBar()->setExpanding(false);
    m_tabs->addTab(m_overview, tr("Ove&rview"));
    m_tabs->addTab(m_discover, tr("D&iscover"));
    m_tabs->addTab(m_messages, tr("&Messages"));
    auto *column = vbox(this);
    column->addWidget(m_tabs);

    m_second.setInterval(std::chrono::seconds(1));
    connect(&m_second, &QTimer::timeout, this, &HubPanel::refresh);
    connect(m_tabs, &QTabWidget::currentChanged, this, &HubPanel::refresh);
    connect(m_discover, &HubDiscover::workerRequested, this, &HubPanel::workerRequested);
    connect(m_discover, &HubDiscover::messageRequested, this, &HubPanel::writeTo);
    const auto news = [this](SourceId source) {
        if (source == m_source && isVisible())
            refresh();
    };
    connect(&hubs, &HubStore::viewChanged, this, news);
    connect(&hubs, &HubStore::figuresChanged, this, news);
    connect(&store, &FleetStore::sourceChanged, this, news);
    connect(&hubs, &HubStore::hubAdded, this, [this, news](SourceId source) {
        if (source == m_source && isVisible())
            watch(true);
        news(source);
    });
    connect(&hubs, &HubStore::hubRemoved, this, news);
}

HubPanel::~HubPanel()
{
    watch(false);
}

void HubPanel::watch(bool on)
{
    if (m_source != 0)
        m_context.hubs.setWatched(m_source, on);
}

void HubPanel::setSource(SourceId source)
{
    if (m_source == source)
        return;
    watch(false);
    m_source = source;
    m_overview->setHub(source);
    m_discover->setHub(source);
    m_messages->setHub(source);
    if (isVisible())
        watch(true);
}

void HubPanel::showTab(const QString &name)
{
    for (size_t i = 0; i < tabNames.size(); ++i) {
        if (name == tabNames[i])
            m_tabs->setCurrentIndex(int(i));
    }
}

bool HubPanel::isSettled() const
{
    return !m_discover->isAsking();
}

QStringList HubPanel::views() const
{
    return {u"hub"_s, u"hub-discover"_s, u"hub-messages"_s};
}

void HubPanel::showView(const QString &view)
{
    m_tabs->setCurrentIndex(qMax(0, int(views().indexOf(view))));
    if (m_tabs->currentWidget() == m_discover)
        m_discover->find();
}

QString HubPanel::currentTab() const
{
    return tabNames[size_t(qMax(0, m_tabs->currentIndex()))];
}

void HubPanel::setFactsWidget(QWidget *facts)
{
    m_overview->setFactsWidget(facts);
}

void HubPanel::writeTo(const QString &address)
{
    m_tabs->setCurrentIndex(messagesTab);
    m_messages->form().setTo(address);
    m_messages->form().focusFirst();
}

void HubPanel::refresh()
{
    switch (m_tabs->currentIndex()) {
    case 0:
        m_overview->refresh();
        break;
    case 1:
        m_discover->refresh();
        break;
    default:
        m_messages->refresh();
        break;
    }
}

void HubPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    watch(true);
    m_second.start();
    refresh();
}

void HubPanel::paintEvent(QPaintEvent *)
{
    // The tabs' line goes on to the edge.
    QPainter painter(this);
    painter.fillRect(QRect(0, m_tabs->tabBar()->height() - 1, width(), 1), theme().line);
}

void HubPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    m_second.stop();
    watch(false);
}

} // namespace pulsedeck
