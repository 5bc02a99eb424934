// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/hub/hubdiscover.h"

#include "models/core/format.h"
#include "models/fleet/fleetstore.h"
#include "models/hub/jsontext.h"
#include "ui/common/band.h"
#include "ui/common/boxes.h"
#include "ui/common/fleetwords.h"
#include "ui/common/rowdelegate.h"
#include "ui/common/rowtable.h"
#include "ui/common/tonelabel.h"
#include "ui/theme/style.h"
#include "ui/theme/theme.h"

#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QStandardItemModel>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr int longestPattern = 500;
constexpr int addressRole = Qt::UserRole;

} // namespace

HubDiscover::HubDiscover(const HubContext &context, QWidget *parent)
    : QWidget(parent)
    , m_context(context)
    , m_pattern(new QLineEdit(this))
    , m_capability(new QLineEdit(this))
    , m_find(new QPushButton(tr("Fi&nd"), this))
    , m_status(new ToneLabel(ToneLabel::Tone::Dim, ToneLabel::Face::Small, this))
    , m_table(new RowTable(this))
    , m_model(new QStandardItemModel(this))
    , m_show(new QPushButton(tr("Sho&w in Fleet"), this))
    , m_write(new QPushButton(tr("Write t&o it"), this))
{
    const Theme &t = Theme::instance();
    m_pattern->setObjectName(u"discoverPattern"_s);
    m_pattern->setAccessibleName(tr("Pattern of the address"));
    m_pattern->setPlaceholderText(tr("* for any"));
    m_pattern->setMaxLength(longestPattern);
    m_pattern->setFont(t.idFont());
    m_pattern->setToolTip(tr("* matches any text, slashes included; case sensitive"));
    m_capability->setObjectName(u"discoverCapability"_s);
    m_capability->setAccessibleName(tr("Capability"));
    m_capability->setPlaceholderText(tr("any"));
    m_capability->setMaxLength(longestPattern);
    m_find->setObjectName(u"discoverFind"_s);
    setButtonRole(m_find, ButtonRole::Primary);
    auto *patternLabel = new QLabel(tr("&Pattern"), this);
    patternLabel->setBuddy(m_pattern);
    auto *capabilityLabel = new QLabel(tr("Capa&bility"), this);
    capabilityLabel->setBuddy(m_capability);
    auto *row = hbox(nullptr, 8, {16, 12, 16, 6});
    row->addWidget(patternLabel);
    row->addWidget(m_pattern, 3);
    row->addWidget(capabilityLabel);
    row->addWidget(m_capability, 2);
    row->addWidget(m_find);

    m_status->setObjectName(u"discoverStatus"_s);
    m_status->setElideMode(Qt::ElideRight);
    m_status->setContentsMargins(px(16), 0, px(16), px(8));

    m_model->setHorizontalHeaderLabels({tr("Address"), tr("Capabilities")});
    m_table->setModel(m_model);
    m_table->setObjectName(u"discoverTable"_s);
    m_table->setItemDelegate(new RowDelegate(m_table, 6));
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setFramedWhenEmpty(true);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->setAccessibleName(tr("Actors found"));
    m_table->horizontalHeader()->setSectionResizeMode(0, QHeaderView::Interactive);
    m_table->setColumnWidth(0, px(330));
    m_table->installEventFilter(this);

    m_show->setObjectName(u"discoverShow"_s);
    m_write->setObjectName(u"discoverWrite"_s);
    auto *foot = new Band(Qt::TopEdge, Band::Ground::Chrome, this);
    auto *footRow = hbox(foot, -1, {16, 8, 16, 8});
    footRow->addStretch(1);
    addWidgets(footRow, {m_write, m_show});

    auto *column = vbox(this, 0);
    column->addLayout(row);
    column->addWidget(m_status);
    column->addWidget(m_table, 1);
    column->addWidget(foot);
    setFocusProxy(m_pattern);

    connect(m_find, &QPushButton::clicked, this, &HubDiscover::find);
    connect(m_pattern, &QLineEdit::returnPressed, this, &HubDiscover::find);
    connect(m_capability, &QLineEdit::returnPressed, this, &HubDiscover::find);
    connect(m_pattern, &QLineEdit::textChanged, this, [this](const QString &text) { m_searches[m_source].pattern = text; });
    connect(m_capability, &QLineEdit::textChanged, this, [this](const QString &text) { m_searches[m_source].capability = text; });
    connect(m_table, &QTableView::doubleClicked, this, &HubDiscover::openCurrent);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentChanged, this, &HubDiscover::reviewButtons);
    connect(m_show, &QPushButton::clicked, this, &HubDiscover::openCurrent);
    connect(m_write, &QPushButton::clicked, this, [this] { emit messageRequested(currentAddress()); });
    connect(&context.hubs, &HubStore::answered, this, &HubDiscover::take);
    connect(&context.hubs, &HubStore::hubRemoved, this, [this](SourceId source) { m_searches.erase(source); });
    connect(&Theme::instance(), &Theme::changed, m_pattern, [this] { m_pattern->setFont(Theme::instance().idFont()); });
    showSearch();
}

void HubDiscover::setHub(SourceId source)
{
    if (m_source == source)
        return;
    m_source = source;
    showSearch();
}

bool HubDiscover::isAsking() const
{
    const auto search = m_searches.find(m_source);
    return search != m_searches.end() && !search->second.underWay.isNull();
}

void HubDiscover::find()
{
    Search &search = m_searches[m_source];
    if (!search.underWay.isNull() || !m_context.hubs.has(m_source))
        return;
    HubCall call;
    call.kind = HubCall::Kind::Discover;
    call.target = search.pattern.trimmed().isEmpty() ? u"*"_s : search.pattern.trimmed();
    call.capability = search.capability.trimmed();
    search.askedFor = call.capability.isEmpty() ? call.target : QString(call.target + u", "_s + call.capability);
    search.underWay = m_context.hubs.call(m_source, call);
    refresh();
}

void HubDiscover::take(const HubCallAnswer &answer)
{
    const auto search = m_searches.find(answer.source);
    if (search == m_searches.end() || search->second.underWay != answer.id)
        return;
    search->second.underWay = {};
    if (const auto *found = answer.as<hub::Discovered>()) {
        search->second.found = *found;
        search->second.answeredAt = answer.at > 0 ? answer.at : m_context.clock.nowMs();
        search->second.problem.clear();
    } else {
        // What was found before stays, with its age.
        search->second.problem = answer.text.isEmpty() ? tr("no answer") : plainLine(answer.text);
    }
    if (answer.source != m_source)
        return;
    if (answer.as<hub::Discovered>())
        showFound();
    refresh();
}

void HubDiscover::showSearch()
{
    const Search search = m_searches[m_source]; // A copy: the fields write into it.
    m_pattern->setText(search.pattern);
    m_capability->setText(search.capability);
    showFound();
    refresh();
}

void HubDiscover::showFound()
{
    const Search &search = m_searches[m_source];
    m_model->removeRows(0, m_model->rowCount());
    for (const hub::Discovered::Found &one : search.found.actors) {
        auto *address = new QStandardItem(plainLine(one.address));
        address->setData(one.address, addressRole);
        address->setData(Theme::instance().idFont(), Qt::FontRole);
        QStringList capabilities;
        for (const QString &capability : one.capabilities)
            capabilities.append(plainLine(capability, 80));
        auto *text = new QStandardItem(capabilities.join(u", "_s));
        m_model->appendRow({address, text});
    }
    reviewButtons();
}

void HubDiscover::refresh()
{
    const Search &search = m_searches[m_source];
    const bool connected = m_context.store.sourceStatus(m_source).isConnected();
    m_find->setEnabled(search.underWay.isNull() && m_context.hubs.has(m_source));
    QString text;
    if (search.answeredAt > 0) {
        const qsizetype count = search.found.actors.size();
        QStringList texts{search.found.hasMore ? tr("first %Ln actor(s), there may be more", nullptr, int(count))
                          : count == 0         ? tr("no actor")
                                               : tr("%Ln actor(s)", nullptr, int(count))};
        if (search.found.skipped > 0)
            texts.append(tr("%Ln entr(y/ies) could not be read", nullptr, search.found.skipped));
        texts.append(tr("answered %1 ago").arg(durationText(qMax<qint64>(0, m_context.clock.nowMs() - search.answeredAt))));
        text = texts.join(u" · "_s);
    } else {
        text = tr("Searches on the hub itself, not in the list of actors. At most 100 results.");
    }
    const bool trouble = !search.problem.isEmpty();
    if (!search.underWay.isNull())
        text = search.answeredAt > 0 ? tr("searching for %1… · before: %2").arg(plainLine(search.askedFor), text)
                                     : tr("searching for %1…").arg(plainLine(search.askedFor));
    else if (trouble)
        text = search.answeredAt > 0 ? tr("Not answered: %1 · before: %2").arg(search.problem, text)
                                     : tr("Not answered: %1").arg(search.problem);
    else if (!connected && search.answeredAt == 0)
        text = tr("Not connected: no search is possible now.");
    m_status->setTone(trouble && search.underWay.isNull() ? ToneLabel::Tone::Stale : ToneLabel::Tone::Dim);
    m_status->setText(text);
}

QString HubDiscover::currentAddress() const
{
    const QModelIndex current = m_table->currentIndex();
    return current.isValid() ? current.siblingAtColumn(0).data(addressRole).toString() : QString();
}

void HubDiscover::reviewButtons()
{
    const QString address = currentAddress();
    const bool known = !address.isEmpty() && m_context.store.find(m_source, address.toUtf8()) != noWorker;
    m_write->setEnabled(!address.isEmpty());
    m_show->setEnabled(known);
    m_show->setToolTip(address.isEmpty() || known ? QString() : tr("It is not in the list of actors read last"));
}

void HubDiscover::openCurrent()
{
    const QString address = currentAddress();
    if (address.isEmpty())
        return;
    if (const WorkerHandle handle = m_context.store.find(m_source, address.toUtf8()); handle != noWorker)
        emit workerRequested(handle);
    else
        emit messageRequested(address);
}

bool HubDiscover::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress) {
        const auto *key = static_cast<QKeyEvent *>(event);
        if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
            openCurrent();
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace pulsedeck
