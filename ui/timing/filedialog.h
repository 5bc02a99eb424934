// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfiles.h"
#include "models/timing/timingrule.h"

#include <QDialog>

#include <functional>

class QComboBox;
class QListWidget;
class QPushButton;

namespace pulsedeck {

class ToneLabel;

/// The proposed changes of a file as a diff, and the button that writes it; for a file with several profiles, of the chosen one.
/// GUI thread; TimingFiles does the work on the disk.
class FileDialog : public QDialog
{
    Q_OBJECT

public:
    /// Why a proposal must not be written, in words; empty if it may.
    using WhyNot = std::function<QString(const TimingFileAnswer &)>;

    /// \a profile: the values that were proposed; proposed again when another of the file's profiles is chosen.
    FileDialog(TimingFiles &files, const TimingFileAnswer &proposal, const TimingProfile &profile, const WhyNot &whyNot,
               QWidget *parent = nullptr);

signals:
    void written(const QString &path, const QString &backup);

private:
    void showProposal(const TimingFileAnswer &proposal);
    void fillDiff();
    void choose(const QString &environment);
    void takeAnswer(const TimingFileAnswer &answer);

    TimingFiles &m_files;
    TimingFileAnswer m_proposal;
    const TimingProfile m_profile;
    const WhyNot m_whyNot;
    QComboBox *m_environment = nullptr; ///< Only where there are several.
    QListWidget *m_diff;
    ToneLabel *m_notes;
    ToneLabel *m_state;
    QPushButton *m_write;
    QPushButton *m_close;
    quint64 m_token = 0; ///< Of what is being written.
    quint64 m_proposeToken = 0;
};

} // namespace pulsedeck
