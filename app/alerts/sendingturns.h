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

/// Whose turn it is to send: of the programs of one user on this machine that watch the same source and have the same outlets,
/// one. It holds a lock file for each source; when its process ends, however that is, another one takes it. Where no lock file
/// can be made every program sends: twice is better than never. It is not asked about more than mostSources. GUI thread, or the
/// one of the engine.
class SendingTurns : public QObject
{
    Q_OBJECT

public:
    static constexpr int lookEveryMs = 2'000; ///< So often what others hold is looked at.
    static constexpr int mostSources = 200;

    /// \a folder: where the lock files are; it is made if needed.
    explicit SendingTurns(const QString &folder, QObject *parent = nullptr);
    ~SendingTurns() override;

    /// All sources, by their address and login without a password, and all outlets. Without outlets nothing is locked.
    void set(const QMap<SourceId, QString> &addresses, const QList<AlertOutlet> &outlets);
    /// False: another program sends what is found in this source. True for a source that is not known here.
    bool isMine(SourceId source) const;
    /// "pulsedeckctl (process 4711)"; empty if isMine().
    QString holder(SourceId source) const;

signals:
    /// Another program ended, and what is found in these sources is sent from here now.
    void taken(const QList<pulsedeck::SourceId> &sources);
    /// A holder is another one.
    void changed();

private:
    struct Turn
    {
        std::unique_ptr<QLockFile> lock; ///< Null: it cannot be made.
        bool mine = true;
        QString holder;
    };
    void look();
    /// Returns whether anything of \a turn is another one.
    static bool look(Turn *turn);
    QString fileOf(const QString &address) const;

    const QString m_folder;
    QMap<SourceId, QString> m_addresses;
    QList<AlertOutlet> m_outlets;
    std::map<QString, Turn> m_turns; ///< By address: two sources may have the same one.
    QTimer m_timer;
};

} // namespace pulsedeck
