// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace pulsedeck {

/// Plain text in the fixed font: JSON being typed, or shown. Tab leaves it. Framed as what makes no sense by
/// setInvalid().
class JsonEdit : public QPlainTextEdit
{
    Q_OBJECT

public:
    enum class Use { Typed, Shown };

    explicit JsonEdit(Use use, QWidget *parent = nullptr);

protected:
    bool event(QEvent *event) override;
    void insertFromMimeData(const QMimeData *source) override;

private:
    void adoptTheme();

    Use m_use;
};

} // namespace pulsedeck
