// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/savedviews.h"

#include "ui/fleet/fleetwords.h"
#include "ui/window/navigationmodel.h"

#include <QSettings>

using namespace Qt::StringLiterals;

namespace pulsedeck {

namespace {

constexpr auto settingsKey = "views"_L1;

} // namespace

SavedViews::SavedViews(QSettings &settings, QObject *parent)
    : QAbstractListModel(parent)
    , m_settings(settings)
{
    add(u"Needs attention"_s, u"liveness:attention"_s, false);
    add(u"Crashed or hung"_s, u"liveness:crashed,hung"_s, false);
    add(u"Draining"_s, u"status:draining,shutting-down not liveness:departed"_s, false);
    add(u"New"_s, u"liveness:new"_s, false);
    add(u"Started < 5 min"_s, u"uptime<5m"_s, false);
    add(u"Clock skew"_s, u"skew>1s"_s, false);

    const int size = qMin(m_settings.beginReadArray(settingsKey), maxOwn);
    for (int i = 0; i < size; ++i) {
        m_settings.setArrayIndex(i);
        const QString name = m_settings.value(u"name"_s).toString().left(80);
        const QString text = m_settings.value(u"filter"_s).toString().left(1000);
        if (!name.isEmpty() && !text.isEmpty())
            add(name, text, true);
    }
    m_settings.endArray();
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
    const QString count = view.count < 0 ? QString() : groupedNumber(view.count);
    switch (role) {
    case Qt::DisplayRole:
        return view.name;
    case Qt::ToolTipRole:
        return QString(view.name + u'\n' + view.text);
    case Qt::AccessibleTextRole:
        return count.isEmpty() ? view.name : QString(view.name + u", "_s + count + u" workers"_s);
    case NavCountRole:
        return count;
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
        store();
        return true;
    }
    if (own >= maxOwn)
        return false;
    beginInsertRows({}, rowCount(), rowCount());
    add(cleanName, cleanText, true);
    endInsertRows();
    store();
    return true;
}

void SavedViews::remove(int row)
{
    if (row < 0 || row >= rowCount() || !isOwn(row))
        return;
    beginRemoveRows({}, row, row);
    m_views.erase(m_views.begin() + row);
    endRemoveRows();
    store();
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

void SavedViews::store()
{
    m_settings.remove(settingsKey);
    m_settings.beginWriteArray(settingsKey);
    int i = 0;
    for (const View &view : m_views) {
        if (!view.own)
            continue;
        m_settings.setArrayIndex(i++);
        m_settings.setValue(u"name"_s, view.name);
        m_settings.setValue(u"filter"_s, view.text);
    }
    m_settings.endArray();
}

} // namespace pulsedeck
