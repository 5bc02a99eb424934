// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hubpanel.h"

#include "models/fleet/fleetstore.h"
#include "models/hub/hubdesk.h"
#include "ui/common/layouts.h"
#include "ui/hub/hubdiscover.h"
#include "ui/hub/hubmessages.h"
#include "ui/hub/huboverview.h"
#include "ui/hub/messageform.h"
#include "ui/theme/theme.h"

#include <QPainter>
#include <QTabBar>
#include <QTabWidget>
#include <QTimer>

#include <array>
#include <chrono>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr std::array tabNames{"overview"_L1, "discover"_L1, "messages"_L1};
constexpr int messagesTab = 2;

} // namespace

class HubPanel::Private
{
public:
    explicit Private(const HubContext &everything)
        : context(everything)
    { }

    void watch(bool on)
    {
        if (source != 0)
            context.desk.setWatched(source, on);
    }
    void refresh()
    {
        switch (tabs->currentIndex()) {
        case 0:
            overview->refresh();
            break;
        case 1:
            discover->refresh();
            break;
        default:
            messages->refresh();
            break;
        }
    }

    const HubContext context;
    SourceId source = 0;
    QTabWidget *tabs = nullptr;
    HubOverview *overview = nullptr;
    HubDiscover *discover = nullptr;
    HubMessages *messages = nullptr;
    QTimer second;
};

HubPanel::HubPanel(HubDesk &desk, FleetStore &store, const SourceListModel &sources, WriteAccess &access, const Clock &clock,
                   QWidget *parent)
    : SourcePanel(parent)
    , d(std::make_unique<Private>(HubContext{desk, store, sources, access, clock}))
{
    setObjectName(u"hubPanel"_s);
    d->tabs = new QTabWidget(this);
    d->tabs->setObjectName(u"hubTabs"_s);
    d->tabs->setDocumentMode(true);
    d->tabs->tabBar()->setDrawBase(false);
    d->tabs->tabBar()->setExpanding(false);
    d->overview = new HubOverview(d->context, d->tabs);
    d->discover = new HubDiscover(d->context, d->tabs);
    d->messages = new HubMessages(d->context, d->tabs);
    d->tabs->addTab(d->overview, tr("Ove&rview"));
    d->tabs->addTab(d->discover, tr("D&iscover"));
    d->tabs->addTab(d->messages, tr("&Messages"));
    auto *column = vbox(this);
    column->addWidget(d->tabs);

    d->second.setInterval(std::chrono::seconds(1));
    connect(&d->second, &QTimer::timeout, this, &HubPanel::refresh);
    connect(d->tabs, &QTabWidget::currentChanged, this, &HubPanel::refresh);
    connect(d->discover, &HubDiscover::workerRequested, this, &HubPanel::workerRequested);
    connect(d->discover, &HubDiscover::messageRequested, this, &HubPanel::writeTo);
    const auto news = [this](SourceId source) {
        if (source == d->source && isVisible())
            refresh();
    };
    connect(&desk, &HubDesk::viewChanged, this, news);
    connect(&desk, &HubDesk::figuresChanged, this, news);
    connect(&store, &FleetStore::sourceChanged, this, news);
    connect(&desk, &HubDesk::hubAdded, this, [this, news](SourceId source) {
        if (source == d->source && isVisible())
            d->watch(true);
        news(source);
    });
    connect(&desk, &HubDesk::hubRemoved, this, news);
}

HubPanel::~HubPanel()
{
    d->watch(false);
}

void HubPanel::setSource(SourceId source)
{
    if (d->source == source)
        return;
    d->watch(false);
    d->source = source;
    d->overview->setHub(source);
    d->discover->setHub(source);
    d->messages->setHub(source);
    if (isVisible())
        d->watch(true);
}

SourceId HubPanel::source() const
{
    return d->source;
}

void HubPanel::showTab(const QString &name)
{
    for (size_t i = 0; i < tabNames.size(); ++i) {
        if (name == tabNames[i])
            d->tabs->setCurrentIndex(int(i));
    }
}

bool HubPanel::isSettled() const
{
    return !d->discover->isAsking();
}

QStringList HubPanel::views() const
{
    return {u"hub"_s, u"hub-discover"_s, u"hub-messages"_s};
}

void HubPanel::showView(const QString &view)
{
    d->tabs->setCurrentIndex(qMax(0, int(views().indexOf(view))));
    if (d->tabs->currentWidget() == d->discover)
        d->discover->find();
}

QString HubPanel::currentTab() const
{
    return tabNames[size_t(qMax(0, d->tabs->currentIndex()))];
}

void HubPanel::setFactsWidget(QWidget *facts)
{
    d->overview->setFactsWidget(facts);
}

void HubPanel::writeTo(const QString &address)
{
    d->tabs->setCurrentIndex(messagesTab);
    d->messages->form().setTo(address);
    d->messages->form().focusFirst();
}

void HubPanel::refresh()
{
    d->refresh();
}

void HubPanel::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    d->watch(true);
    d->second.start();
    refresh();
}

void HubPanel::paintEvent(QPaintEvent *)
{
    // The tabs' line goes on to the edge.
    QPainter painter(this);
    painter.fillRect(QRect(0, d->tabs->tabBar()->height() - 1, width(), 1), theme().line);
}

void HubPanel::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    d->second.stop();
    d->watch(false);
}

} // namespace pulsedeck
