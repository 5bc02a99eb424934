// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

class QLineEdit;

namespace pulsedeck {

class CommandDraft;
struct CommandContext;

/// Asks which queues drained workers are to serve again, where neither they nor the journal say it: of a drain that was not given
/// by this installation. Hidden where nothing has to be asked. GUI thread.
class QueueRow final : public QWidget
{
    Q_OBJECT

public:
    static constexpr int longestText = 4'096; ///< Characters of all names together.

    explicit QueueRow(QWidget *parent);

    /// For the workers that \a draft acts on.
    void showDraft(const CommandContext &context, const CommandDraft &draft);
    /// The names as typed, each once and without the spaces around it; empty where nothing is asked.
    QStringList queues() const;
    bool isMissing() const { return m_asks && queues().isEmpty(); }

signals:
    void changed();

private:
    QLineEdit *m_names;
    bool m_asks = false;
};

} // namespace pulsedeck
