// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/savedviews.h"

#include "models/core/format.h"
#include "ui/common/fleetwords.h"
#include "ui/window/navigationmodel.h"

#include <QSettings>
#include <QUuid>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

// Each view has its own group, so that two windows do not overwrite each other's views.
constexpr auto settingsKey = "savedViews"_L1;
constexpr auto listKey = "views"_L1; ///< Former versions wrote them here, as one list.

/// The same in every window: a name is one view, however it is capitalised.
QString placeOf(const QString &name)
{
    static const QUuid space(u"{f0f3a1c5-1f0b-4f7c-8f7e-3b0a7f4d2a11}"_s);
    return QString(settingsKey + u'/' + QUuid::createUuidV5(space, name.toCaseFolded()).toString(QUuid::WithoutBraces));
}

} // namespace

SavedViews::SavedViews(QSettings &settings, QObject *parent)
    : QAbstractListModel(parent)
    , m_settings(settings)
{
    // untranslated: the filters
    add(tr("Needs attention"), u"liveness:attention"_s, false);
    add(tr("Crashed or hung"), u"liveness:crashed,hung"_s, false);
    add(tr("Draining"), u"status:draining,shutting-down not liveness:departed"_s, false);
    add(tr("New"), u"liveness:new"_s, false);
    add(tr("Started < 5 min"), u"uptime<5m"_s, false);
    add(tr("Clock skew"), u"skew>1s"_s, false);

    convertList();
    m_settings.beginGroup(settingsKey);
    std::vector<std::pair<int, std::pair<QString, QString>>> found;
    for (const QString &place : m_settings.childGroups()) {
        m_settings.beginGroup(place);
        const QString name = m_settings.value(u"name"_s).toString().left(80);
        const QString text = m_settings.value(u"filter"_s).toString().left(1000);
        if (!name.isEmpty() && !text.isEmpty())
            found.push_back({m_settings.value(u"position"_s).toInt(), {name, text}});
        m_settings.endGroup();
    }
    m_settings.endGroup();
    std::sort(found.begin(), found.end());
    if (found.size() > size_t(maxOwn))
        found.resize(size_t(maxOwn));
    for (const auto &[position, view] : found) {
        add(view.first, view.second, true);
        m_lastPosition = position;
    }
}

void SavedViews::convertList()
{
    const int size = qMin(m_settings.beginReadArray(listKey), maxOwn);
    std::vector<std::pair<QString, QString>> listed;
    for (int i = 0; i < size; ++i) {
        m_settings.setArrayIndex(i);
        listed.emplace_back(m_settings.value(u"name"_s).toString().left(80), m_settings.value(u"filter"_s).toString().left(1000));
    }
    m_settings.endArray();
    for (const auto &[name, text] : listed) {
        if (!name.isEmpty() && !text.isEmpty())
            store(name, text);
    }
    m_settings.remove(listKey);
}

void SavedViews::add(const QString &name, const QString &text, bool own)
{
    View view;
    view.name = name;
    view.text = text;
    view.filter = FleetFilter::parse(text);
    view.own = own;
    m_views.push_back(std::move(view));
}

int SavedViews::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_views.size());
}

QVariant SavedViews::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const View &view = m_views[size_t(index.row())];
    switch (role) {
    case Qt::DisplayRole:
        return view.name;
    case Qt::ToolTipRole:
        return QString(view.name + u'\n' + view.text);
    case Qt::AccessibleTextRole:
        return view.count < 0 ? view.name : tr("%1, %Ln worker(s)", nullptr, view.count).arg(view.name);
    case NavCountRole:
        return view.count < 0 ? QString() : groupedNumber(view.count);
    default:
        return {};
    }
}

QString SavedViews::filterText(int row) const
{
    return m_views[size_t(row)].text;
}

int SavedViews::rowOf(const QString &text) const
{
    const QString wanted = text.simplified();
    for (size_t row = 0; row < m_views.size(); ++row) {
        if (m_views[row].text == wanted)
            return int(row);
    }
    return -1;
}

bool SavedViews::save(const QString &name, const QString &text)
{
    const QString cleanName = name.simplified().left(80);
    const QString cleanText = text.simplified().left(1000);
    if (cleanName.isEmpty() || cleanText.isEmpty())
        return false;
    int own = 0;
    for (size_t row = 0; row < m_views.size(); ++row) {
        View &view = m_views[row];
        own += view.own;
        if (!view.own || view.name.compare(cleanName, Qt::CaseInsensitive) != 0)
            continue;
        view.name = cleanName;
        view.text = cleanText;
        view.filter = FleetFilter::parse(cleanText);
        view.count = -1;
        emit dataChanged(index(int(row)), index(int(row)));
        emit filtersChanged();
        store(cleanName, cleanText);
        return true;
    }
    if (own >= maxOwn)
        return false;
    beginInsertRows({}, rowCount(), rowCount());
    add(cleanName, cleanText, true);
    endInsertRows();
    store(cleanName, cleanText);
    return true;
}

void SavedViews::remove(int row)
{
    if (row < 0 || row >= rowCount() || !isOwn(row))
        return;
    m_settings.remove(placeOf(m_views[size_t(row)].name));
    beginRemoveRows({}, row, row);
    m_views.erase(m_views.begin() + row);
    endRemoveRows();
}

void SavedViews::setCounts(const std::vector<int> &counts)
{
    const size_t size = qMin(counts.size(), m_views.size());
    for (size_t row = 0; row < size; ++row) {
        if (m_views[row].count == counts[row])
            continue;
        m_views[row].count = counts[row];
        emit dataChanged(index(int(row)), index(int(row)), {NavCountRole, Qt::AccessibleTextRole});
    }
}

void SavedViews::store(const QString &name, const QString &text)
{
    const QString place = placeOf(name);
    m_settings.setValue(QString(place + u"/name"_s), name);
    m_settings.setValue(QString(place + u"/filter"_s), text);
    if (!m_settings.contains(QString(place + u"/position"_s)))
        m_settings.setValue(QString(place + u"/position"_s), ++m_lastPosition);
}

} // namespace pulsedeck
