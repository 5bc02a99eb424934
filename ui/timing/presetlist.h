// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/timing/timingdraft.h"

#include <QAbstractButton>
#include <QWidget>

#include <vector>

class QVBoxLayout;

namespace pulsedeck {

/// A preset as a radio button with its values and the change of traffic.
class PresetButton : public QAbstractButton
{
    Q_OBJECT

public:
    PresetButton(const TimingPreset &preset, const TimingLibrary &library, QWidget *parent);

    /// \a note follows the name: "+ 2 own edits".
    void showDraft(const TimingDraft &draft, bool current, const QString &note);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void enterEvent(QEnterEvent *event) override;
    void leaveEvent(QEvent *event) override;

private:
    TimingPreset m_preset;
    QString m_note;
    QString m_values;
    QString m_share;
};

/// The library's presets; choosing one loads its values into the draft. GUI thread.
class PresetList : public QWidget
{
    Q_OBJECT

public:
    explicit PresetList(QWidget *parent = nullptr);

    void setDraft(TimingDraft *draft);
    /// The library's presets have changed.
    void rebuild();
    PresetButton *button(const QString &preset) const;

private:
    void review();

    TimingDraft *m_draft = nullptr;
    QVBoxLayout *m_layout;
    std::vector<PresetButton *> m_buttons;
};

} // namespace pulsedeck
