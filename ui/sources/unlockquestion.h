// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/fleet/fleetstore.h"

#include <QDialog>

class QPushButton;
class QVBoxLayout;

namespace pulsedeck {

class SourceListModel;
class ToneLabel;
class WriteAccess;

/// The one question before writing is unlocked, wherever that is asked for: which sources are opened, what becomes
/// possible there, and for how long. Enter and Esc leave it locked. Closes by itself when there is nothing left to ask.
/// GUI thread.
class UnlockQuestion : public QDialog
{
    Q_OBJECT

public:
    /// Whether there is a source that unlocking would open. The demo is always open, and what is set read-only stays
    /// closed.
    static bool canUnlock(const WriteAccess &access, const SourceListModel &sources);
    /// Opens the question over \a parent. Does nothing while writing is unlocked, where it cannot be, and while the same
    /// question is open already.
    static void ask(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent);

    UnlockQuestion(WriteAccess &access, const SourceListModel &sources, const FleetStore &store, QWidget *parent);

private:
    void review();
    void fillSources();
    void addSource(SourceId source, bool opened);
    void unlock();

    WriteAccess &m_access;
    const SourceListModel &m_sources;
    const FleetStore &m_store;
    QWidget *m_list;
    QVBoxLayout *m_rows;
    ToneLabel *m_acts;
    QPushButton *m_stay;
    QStringList m_listed; ///< What is asked about, each as it stands in the list: anything else is listed anew.
};

} // namespace pulsedeck
