// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/timing/timingrule.h"

#include <QAbstractSpinBox>

namespace pulsedeck {

/// A field for a duration: accepts "20", "1m30s" or "500 ms", keeps whatever was typed, and steps by seconds. It only emits
/// what is typed; the draft interprets it. Undo and redo are left to the page. GUI thread.
class DurationSpin : public QAbstractSpinBox
{
    Q_OBJECT

public:
    explicit DurationSpin(QWidget *parent = nullptr);

    /// Shows a value, or the text that could not be read. What is being typed stays while it means the same.
    void showField(qint64 ms, const QString &unreadable);
    /// A frame in the colour of the trouble; bold if it differs from the value in force.
    void setMarks(std::optional<TimingSeverity> trouble, bool changed);
    QString text() const;

    void stepBy(int steps) override;

signals:
    void edited(const QString &text);
    /// The field was left, or Enter pressed: the edit is complete.
    void finished();

protected:
    StepEnabled stepEnabled() const override;
    bool event(QEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void showCanonical();
    void emitEdited(const QString &typed);

    qint64 m_ms = 0;
    QString m_unreadable;
    std::optional<TimingSeverity> m_trouble;
    bool m_typing = false;
    bool m_emitting = false; ///< A value that is set now is the one typed here.
};

} // namespace pulsedeck
