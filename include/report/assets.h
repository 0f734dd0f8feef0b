/*
 * The files of src/report/assets/, embedded by the build.
 *
 * report.html is the frame of the page, with a mark such as <!--{style}--> at each place where
 * something is put in; compare.html is the frame of the comparison. The others go in there: one
 * style sheet, and the parts of the scripts, which html.c and compare_html.c join. Each array is
 * followed by a NUL that the size leaves out.
 */
#ifndef NIDA_REPORT_ASSETS_H
#define NIDA_REPORT_ASSETS_H

#include <stddef.h>

extern const unsigned char asset_report_html[];
extern const size_t asset_report_html_size;
extern const unsigned char asset_compare_html[];
extern const size_t asset_compare_html_size;
extern const unsigned char asset_report_css[];
extern const size_t asset_report_css_size;

extern const unsigned char asset_words_js[];
extern const size_t asset_words_js_size;
extern const unsigned char asset_language_js[];
extern const size_t asset_language_js_size;
extern const unsigned char asset_shell_js[];
extern const size_t asset_shell_js_size;
extern const unsigned char asset_data_js[];
extern const size_t asset_data_js_size;
extern const unsigned char asset_draw_js[];
extern const size_t asset_draw_js_size;
extern const unsigned char asset_figures_js[];
extern const size_t asset_figures_js_size;
extern const unsigned char asset_charts_js[];
extern const size_t asset_charts_js_size;
extern const unsigned char asset_columns_js[];
extern const size_t asset_columns_js_size;
extern const unsigned char asset_table_js[];
extern const size_t asset_table_js_size;
extern const unsigned char asset_detail_js[];
extern const size_t asset_detail_js_size;
extern const unsigned char asset_head_js[];
extern const size_t asset_head_js_size;
extern const unsigned char asset_filters_js[];
extern const size_t asset_filters_js_size;
extern const unsigned char asset_save_js[];
extern const size_t asset_save_js_size;
extern const unsigned char asset_report_js[];
extern const size_t asset_report_js_size;
extern const unsigned char asset_compare_charts_js[];
extern const size_t asset_compare_charts_js_size;
extern const unsigned char asset_compare_js[];
extern const size_t asset_compare_js_size;

#endif
