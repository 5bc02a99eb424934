// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/protocol/worker.h"
#include "ui/theme/glyphs.h"

#include <QWidget>

class QMenu;

namespace pulsedeck {

/// The base class of all pages: what the window knows of a page. The defaults are those of a page without filter, menu, views
/// and number. A page is added by MainWindow::addPage. GUI thread.
class Page : public QWidget
{
    Q_OBJECT

public:
    /// \a name is for the command line and the settings, \a title for people.
    Page(const QString &name, const QString &title, Glyph glyph, QWidget *parent)
        : QWidget(parent)
        , m_name(name)
        , m_title(title)
        , m_glyph(glyph)
    { }

    QString name() const { return m_name; }
    QString title() const { return m_title; }
    Glyph glyph() const { return m_glyph; }
    /// A number or a word behind the title in the navigation; countChanged() when it may be another one.
    virtual QString navigationText() const { return {}; }
    /// It has a filter of its own; else Ctrl+F goes to that of the Fleet page.
    virtual bool isSearchable() const { return false; }
    /// It does something at Esc.
    virtual bool hasEscape() const { return false; }
    /// It has everything that it computes for its first look.
    virtual bool isSettled() const { return true; }
    /// Parts of it that can be opened by name, as far as there is something to show in them.
    virtual QStringList views() const { return {}; }
    virtual void showView(const QString &view) { Q_UNUSED(view) }
    /// Why it shows nothing while the console shows another time than now, and where to look instead, in a sentence; a page
    /// stands in for it then. Empty: it shows that time itself.
    virtual QString whyNoPast() const { return tr("It has what is so now, and nothing of another time."); }
    /// Adds what can be done here now; asked for each time the page's menu opens.
    virtual void fillMenu(QMenu &menu) { Q_UNUSED(menu) }

public slots:
    virtual void focusFilter() { } ///< Ctrl+F
    virtual void escape() { }
    virtual void refresh() { } ///< Texts that count time: once a second while the page is on show.
    virtual void refreshTimes() { } ///< The machine's clock was set, or times are shown in another zone.

signals:
    void countChanged();
    /// Show in the Fleet page what this filter matches.
    void filterRequested(const QString &filter);
    /// Show this worker in the Fleet page.
    void workerRequested(pulsedeck::WorkerHandle worker);
    /// A sentence about what was just tried, and why it was not done.
    void noticed(const QString &text, const QString &hint);
    /// The same where it was done, or is under way.
    void succeeded(const QString &text, const QString &hint);

private:
    const QString m_name;
    const QString m_title;
    const Glyph m_glyph;
};

} // namespace pulsedeck
