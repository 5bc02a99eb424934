// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"
#include "models/sources/sourcesettings.h"

#include <QDialog>
#include <QSet>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

class SourceListModel;
class ToneLabel;
class WriteAccess;

/// The one question before writing is unlocked, wherever that is asked for: which sources are opened, what becomes
/// possible there, and for how long. Each source has a tick; production starts without one, and asks for its name typed.
/// Enter and Esc leave it locked, but for Enter behind the right name. Closes by itself when there is nothing left to
/// ask. GUI thread.
class UnlockQuestion : public QDialog
{
    Q_OBJECT

public:
    /// Whether there is a source that unlocking would open. The demo is always open, and what is set read-only stays
    /// closed.
    static bool canUnlock(const WriteAccess &access, const SourceListModel &sources);
    /// Opens the question over \a parent. Does nothing where there is nothing to unlock, and while the same question is
    /// open already.
    static void ask(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent);

    UnlockQuestion(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent);

    /// The sources that are ticked, in the order of the list.
    QList<SourceId> ticked() const;
    /// The tick of this source; null if it is not one that can be unlocked.
    QCheckBox *tick(SourceId source) const;
    /// What has to be typed: the names of the production sources that are ticked. Empty if none is.
    QString wantedWord() const;

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    /// A source in the list.
    struct Row
    {
        SourceSettings settings;
        QCheckBox *box = nullptr; ///< Null for one that stays as it is.
    };

    QWidget *buildConfirm();
    void review();
    void fillSources();
    void addSource(const SourceSettings &settings, const QString &stays);
    void reviewTicks();
    bool isReady() const;
    void unlock();

    WriteAccess &m_access;
    const SourceListModel &m_sources;
    const FleetStore &m_store;
    QWidget *m_list;
    QVBoxLayout *m_rows;
    ToneLabel *m_acts;
    QWidget *m_confirm = nullptr;
    ToneLabel *m_word = nullptr;
    QLineEdit *m_field = nullptr;
    QPushButton *m_unlock;
    QPushButton *m_stay;
    QStringList m_listed; ///< What is asked about, each as it stands in the list: anything else is listed again.
    std::vector<Row> m_all;
    QSet<SourceId> m_asked; ///< Those that have had a tick to set: what the operator chose there stays.
    QSet<SourceId> m_chosen;
};

} // namespace pulsedeck
