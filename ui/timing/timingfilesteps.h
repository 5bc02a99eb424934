// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfiles.h"
#include "ui/timing/timingsubject.h"

#include <QObject>

namespace pulsedeck {

class TimingController;
class TimingNotes;

/// The draft and files: writes values to .env and wrangler files and reads them, lists constants in code, and loads the
/// operator's own rules. GUI thread.
class TimingFileSteps : public QObject
{
    Q_OBJECT

public:
    /// All of it outlives this. \a files may be null: then no file is read or written but rules.
    TimingFileSteps(TimingFiles *files, const TimingSubject &subject, TimingController &controller, TimingNotes &notes,
                    QWidget &page);

    /// \a kind is "worker.env", "proxy.env" or "wrangler.toml".
    void exportTo(const QString &kind);
    void readFrom();
    void showConstants();
    void chooseRules();

signals:
    /// These rules were loaded and are to be checked from now on.
    void rulesChosen(const QString &id);

private:
    void takeFile(const TimingFileAnswer &answer);
    void chooseProfile(const TimingFileAnswer &answer);
    void readProfile(const TimingFileAnswer &answer, const QString &environment);
    QString whyNotExport(const TimingFileAnswer &proposal) const;
    void readRules(const QString &path);

    TimingFiles *m_files;
    const TimingSubject &m_subject;
    TimingController &m_controller;
    TimingNotes &m_notes;
    QWidget &m_page;
    quint64 m_proposeToken = 0;
    quint64 m_readToken = 0;
};

} // namespace pulsedeck
