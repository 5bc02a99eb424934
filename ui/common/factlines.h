// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <QWidget>

#include <vector>

class QFormLayout;
class QVBoxLayout;

namespace pulsedeck {

class ToneLabel;

/// Facts of one source, name, value and note in a line each; below them what is limited. A line without a value is not
/// shown. GUI thread.
class FactLines : public QWidget
{
    Q_OBJECT

public:
    explicit FactLines(const QStringList &titles, QWidget *parent = nullptr);

    /// \a line counts from 0 in the order of the titles.
    void set(int line, const QString &value, const QString &note = {});
    void set(int line, const std::pair<QString, QString> &words) { set(line, words.first, words.second); }
    void setCaption(int line, const QString &title);
    /// An address: in the face of ids, cut in the middle where there is no room.
    void showAsId(int line);
    /// Its value may be long: it takes as many lines as it needs, with its note below.
    void showWrapped(int line);
    /// Captions at the left of a column as wide as \a widest, in line with other panels below.
    void setCaptionsLeft(const QString &widest);
    /// \a asides are shown below the limits: they are true of every source of the kind, so they are no warning.
    void setLimits(const QString &title, const QStringList &limits, const QStringList &asides = {});

private:
    struct Line
    {
        QWidget *row = nullptr;
        ToneLabel *value = nullptr;
        ToneLabel *note = nullptr;
    };
    QFormLayout *m_form;
    std::vector<Line> m_lines;
    QWidget *m_limits;
    QVBoxLayout *m_limitsLayout;
    QStringList m_shownLimits;
    QStringList m_shownAsides;
};

} // namespace pulsedeck
