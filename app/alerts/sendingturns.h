// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/alerts/alertrule.h"
#include "models/sources/sourcesettings.h"

#include <QLockFile>
#include <QMap>
#include <QTimer>

#include <map>
#include <memory>

namespace pulsedeck {

/// How SendingTurns names a source: the same for all programs that watch it with the same login.
inline QString sendingAddress(const SourceSettings &source)
{
    return source.user + u'@' + source.address();
}

/// A source as SendingTurns knows it.
struct SendingSource
{
    QString address; ///< By sendingAddress().
    SourceEnvironment environment = SourceEnvironment::None;
    bool watched = true; ///< False: nothing is found in it here, as it is disconnected, hidden or paused.

    bool operator==(const SendingSource &) const = default;
};

/// Whose turn it is to send: of the programs of one user on this machine that watch the same source by the same rules and have
/// the same outlets, one. It holds a lock file for each source; when its process ends, however that is, or it watches the source
/// no longer, another one takes it. Where no lock file can be made every program sends: twice is better than never. It is not
/// asked about more than mostSources. GUI thread, or the one of the engine.
class SendingTurns : public QObject
{
    Q_OBJECT

public:
    static constexpr int lookEveryMs = 2'000; ///< So often what others hold is looked at.
    static constexpr int mostSources = 200;

    /// \a folder: where the lock files are; it is made if needed.
    explicit SendingTurns(const QString &folder, QObject *parent = nullptr);
    ~SendingTurns() override;

    /// All sources, and the plan in force: a source to which no rule that is on applies and sends is not locked.
    void set(const QMap<SourceId, SendingSource> &sources, const AlertPlan &plan);
    /// False: another program sends what is found in this source. True for a source that is not known here.
    bool isMine(SourceId source) const;
    /// "pulsedeckctl (process 4711)"; empty if isMine().
    QString holder(SourceId source) const;

signals:
    /// Another program ended, or watches them no longer, and what is found in these sources is sent from here now.
    void taken(const QList<pulsedeck::SourceId> &sources);
    /// A holder is another one.
    void changed();

private:
    struct Turn
    {
        std::unique_ptr<QLockFile> lock; ///< Held, where it is this program's turn and the lock can be made.
        bool mine = true;
        QString holder;
        bool watched = false;
    };
    void look();
    /// Returns whether anything of \a turn is another one.
    static bool look(Turn *turn);
    QString fileOf(const QString &address, const QByteArray &digest) const;

    const QString m_folder;
    QMap<SourceId, SendingSource> m_sources;
    AlertPlan m_plan;
    QMap<SourceId, QString> m_files; ///< The lock file of each source that has one.
    std::map<QString, Turn> m_turns; ///< By the lock file: two sources may have the same one.
    QTimer m_timer;
};

} // namespace pulsedeck
