// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingfiles.h"
#include "ui/timing/profiletable.h"

#include <QDialog>

class QCheckBox;
class QComboBox;

namespace pulsedeck {

class ToneLabel;

/// Any two profiles side by side with their factors: live, draft, presets, versions, and files. GUI thread.
class CompareDialog : public QDialog
{
    Q_OBJECT

public:
    struct Choice
    {
        QString name;
        TimingProfile profile;
    };

    /// \a files may be null.
    CompareDialog(const TimingLibrary &library, std::vector<Choice> choices, int left, int right, TimingFiles *files,
                  QWidget *parent = nullptr);

    const ProfileTable &table() const { return *m_table; }

private:
    void review();
    void chooseFile();
    void takeFile(const TimingFileAnswer &answer);

    std::vector<Choice> m_choices;
    TimingFiles *m_files;
    QComboBox *m_left;
    QComboBox *m_right;
    QCheckBox *m_onlyDifferent;
    ProfileTable *m_table;
    ToneLabel *m_words;
    quint64 m_token = 0;
};

} // namespace pulsedeck
