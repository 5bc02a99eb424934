// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include <array>

namespace pulsedeck {

class CommandDraft;
class ToneLabel;

/// The big figures of a question: workers before and after, how many take work, now or after their job, active sessions.
class QuestionFigures : public QWidget
{
    Q_OBJECT

public:
    explicit QuestionFigures(QWidget *parent = nullptr);

    void showDraft(const CommandDraft &draft);
    QString text(int figure) const; ///< "120 → 106 workers".

private:
    struct Figure
    {
        QWidget *box = nullptr;
        ToneLabel *number = nullptr;
        ToneLabel *word = nullptr;
        ToneLabel *below = nullptr;
    };
    void set(int figure, const QString &number, const QString &word, const QString &below);

    std::array<Figure, 3> m_figures;
};

} // namespace pulsedeck
