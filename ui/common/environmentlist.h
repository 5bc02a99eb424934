// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"

#include <QStringList>
#include <QWidget>

#include <vector>

class QHBoxLayout;

namespace pulsedeck {

class SourceListModel;

/// In a dialog: which of the sources it is about serve what, each with mark, name and word. Those of which nothing was
/// said are left out; hidden where none is left. GUI thread.
class EnvironmentList : public QWidget
{
    Q_OBJECT

public:
    explicit EnvironmentList(QWidget *parent = nullptr);

    /// Production first.
    void setSources(const SourceListModel &sources, const std::vector<SourceId> &ids);

private:
    QHBoxLayout *m_row;
    QStringList m_shown;
};

} // namespace pulsedeck
