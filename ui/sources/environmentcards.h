// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/sources/sourceenvironment.h"

#include <QWidget>

class QButtonGroup;

namespace pulsedeck {

/// What a source serves, as cards of which one is chosen: each with the mark and the colour of its environment, and what follows
/// from it when writing is unlocked. Buttons for the keyboard and for assistive technology. GUI thread.
class EnvironmentCards : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentCards(QWidget *parent = nullptr);

    SourceEnvironment environment() const;
    /// Does not emit chosen().
    void setEnvironment(SourceEnvironment environment);

signals:
    /// The user chose.
    void chosen();

private:
    QButtonGroup *m_group;
};

} // namespace pulsedeck
