// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/timing/versionmodel.h"

#include "models/core/format.h"
#include "ui/timing/timingwords.h"

using namespace Qt::StringLiterals;

namespace pulsedeck {

VersionModel::VersionModel(const TimingLibrary &library, const Clock &clock, QObject *parent)
    : QAbstractListModel(parent)
    , m_library(library)
    , m_clock(clock)
{ }

void VersionModel::setDraft(TimingDraft *draft)
{
    if (m_draft == draft)
        return;
    beginResetModel();
    followDraft(m_draft, draft, this, &VersionModel::reviewDraft);
    m_showsDraft = m_draft && !m_draft->isClean();
    endResetModel();
}

bool VersionModel::setHistory(const TimingHistory &history, qint64 liveVersion, const TimingProfile &live)
{
    QList<TimingVersion> versions(history.versions.rbegin(), history.versions.rend());
    // Known from the record although the history is not there yet, or cannot be read.
    const bool listed = std::any_of(versions.begin(), versions.end(),
                                    [&](const TimingVersion &version) { return version.profile.version == liveVersion; });
    if (!listed && liveVersion > 0)
        versions.append({live, 0, {}, {}});
    const auto same = [](const TimingVersion &a, const TimingVersion &b) {
        return a.profile == b.profile && a.at == b.at && a.by == b.by && a.reason == b.reason;
    };
    // Set again with each update of the source: the selection and the scroll position are kept.
    if (liveVersion == m_liveVersion && std::equal(versions.begin(), versions.end(), m_versions.begin(), m_versions.end(), same))
        return false;
    beginResetModel();
    m_versions = std::move(versions);
    m_liveVersion = liveVersion;
    endResetModel();
    return true;
}

int VersionModel::rowOf(qint64 version) const
{
    const auto found = std::find_if(m_versions.begin(), m_versions.end(),
                                    [version](const TimingVersion &one) { return one.profile.version == version; });
    return found == m_versions.end() ? -1 : int(found - m_versions.begin());
}

void VersionModel::reviewDraft()
{
    const bool shows = m_draft && !m_draft->isClean();
    const int row = int(m_versions.size());
    if (shows == m_showsDraft) {
        if (shows)
            emit dataChanged(index(row), index(row));
        return;
    }
    if (shows) {
        beginInsertRows({}, row, row);
        m_showsDraft = true;
        endInsertRows();
    } else {
        beginRemoveRows({}, row, row);
        m_showsDraft = false;
        endRemoveRows();
    }
}

const TimingVersion *VersionModel::versionAt(int row) const
{
    return row >= 0 && row < m_versions.size() ? &m_versions[row] : nullptr;
}

bool VersionModel::isLive(int row) const
{
    const TimingVersion *version = versionAt(row);
    return version && version->profile.version == m_liveVersion;
}

int VersionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : int(m_versions.size()) + (m_showsDraft ? 1 : 0);
}

QString VersionModel::what(int row) const
{
    const TimingVersion *version = versionAt(row);
    if (!version)
        return m_draft ? tr("%Ln value(s) (differs/differ) from %1", nullptr, m_draft->changedCount())
                             .arg(m_draft->base().version > 0 ? tr("v%1").arg(m_draft->base().version) : m_draft->base().name)
                       : QString();
    if (row == 0)
        return version->reason.isEmpty() ? tr("oldest known version") : version->reason;
    return differenceText(m_versions[row - 1].profile, version->profile, m_library);
}

QVariant VersionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const TimingVersion *version = versionAt(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return version ? tr("v%1").arg(version->profile.version) : tr("Draft");
    case DetailRole:
        if (!version)
            return tr("not applied");
        return version->at > 0 ? QString(version->by + u' ' + momentText(version->at, m_clock.wallNowMs())).trimmed()
                               : version->by;
    case ByRole:
        return version ? version->by : tr("not applied");
    case MomentRole:
        return version && version->at > 0 ? momentText(version->at, m_clock.wallNowMs()) : QString();
    case WhatRole:
        return what(index.row());
    case LiveRole:
        return isLive(index.row());
    case DraftRole:
        return version == nullptr;
    case Qt::ToolTipRole: {
        QStringList lines{QString(data(index, Qt::DisplayRole).toString() + u' ' + data(index, DetailRole).toString()),
                          what(index.row())};
        if (version && !version->reason.isEmpty())
            lines.append(tr("Reason: %1").arg(version->reason));
        lines.append(tr("Click to compare it with the draft."));
        return lines.join(u'\n');
    }
    case Qt::AccessibleTextRole:
        return QString(data(index, Qt::DisplayRole).toString() + u", "_s + data(index, DetailRole).toString() + u", "_s
                       + what(index.row()) + (isLive(index.row()) ? QString(u", "_s + tr("live")) : QString()));
    default:
        return {};
    }
}

} // namespace pulsedeck
