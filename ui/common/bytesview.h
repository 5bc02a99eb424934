// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPlainTextEdit>

namespace pulsedeck {

/// The exact words that would be written, a line each, to read and to copy. Breaks within a word where one is longer than the
/// view is wide, so that nothing gets wider for it; as high as its text, up to mostLines, beyond which it scrolls. GUI thread.
class BytesView final : public QPlainTextEdit
{
    Q_OBJECT

public:
    static constexpr int mostLines = 10; ///< Shown at once.

    explicit BytesView(QWidget *parent = nullptr);

    /// The place in the text stays while it is the same.
    void setText(const QString &text);
    QString text() const { return toPlainText(); }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void adopt();
    void fit();
};

} // namespace pulsedeck
